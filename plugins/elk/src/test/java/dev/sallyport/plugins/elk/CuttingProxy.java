package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a server, and keeps answers from the client: the server has done what it was asked to, and the client
 * does not know.
 */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final URI target;
    private final AtomicInteger toCut = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Runnable meanwhile = () -> {};

    CuttingProxy(URI target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** Of so many requests to write, the answers do not come back; each time that happens first. */
    void cut(int answers, Runnable first) {
        meanwhile = first;
        toCut.set(answers);
    }

    int cuts() {
        return cuts.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket();
                sockets.add(client);
                sockets.add(server);
                try {
                    server.connect(new InetSocketAddress("127.0.0.1", target.getPort()));
                } catch (IOException away) {
                    client.close();
                    continue;
                }
                boolean[] writes = new boolean[1];
                Thread.ofVirtual().start(() -> copy(client, server, writes, false));
                Thread.ofVirtual().start(() -> copy(server, client, writes, true));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void copy(Socket from, Socket to, boolean[] writes, boolean answers) {
        byte[] buffer = new byte[64 << 10];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!answers) {
                    String head = new String(buffer, 0, Math.min(count, 400), StandardCharsets.ISO_8859_1);
                    if (head.contains(" HTTP/1.1\r\n")) {
                        writes[0] = head.contains("/_bulk");
                    }
                } else if (writes[0] && toCut.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    meanwhile.run();
                    cuts.incrementAndGet();
                    return;
                }
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // one side has gone
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
