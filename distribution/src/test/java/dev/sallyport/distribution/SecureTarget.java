package dev.sallyport.distribution;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A target that speaks HTTP/1.1 over TLS and answers with {@code ok}. It notes how each of its connections begins, below
 * TLS, and how many requests have come.
 */
final class SecureTarget implements AutoCloseable {

    private final ServerSocket server;
    private final SSLContext tls;
    private final List<Integer> firstBytes = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** @param tls with the certificate that it shows */
    SecureTarget(SSLContext tls) {
        this.tls = tls;
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Its address, under the name {@code localhost}. */
    String address() {
        return "https://localhost:" + server.getLocalPort();
    }

    /** The first byte of each connection on which any came; 0x16 begins a handshake of TLS. */
    List<Integer> firstBytes() {
        return List.copyOf(firstBytes);
    }

    int requests() {
        return requests.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                // it ends then
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            int first = plain.getInputStream().read();
            if (first < 0) {
                return;
            }
            firstBytes.add(first);
            SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                    .createSocket(plain, new ByteArrayInputStream(new byte[] {(byte) first}), true);
            while (readHead(socket.getInputStream())) {
                requests.incrementAndGet();
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException gone) {
            // as most of its clients, who do not trust it
        } finally {
            open.remove(plain);
        }
    }

    private static boolean readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            if (read < 0) {
                return false;
            }
            head.append((char) read);
        }
        return true;
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.close();
    }
}
