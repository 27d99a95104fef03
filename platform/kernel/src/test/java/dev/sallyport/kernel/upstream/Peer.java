package dev.sallyport.kernel.upstream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A target that says byte for byte what a test wants, and keeps what it was told. */
final class Peer implements AutoCloseable {

    /** Serves one connection; when it returns the connection is closed. */
    @FunctionalInterface
    interface Script {
        void serve(Line line) throws Exception;
    }

    private final ServerSocket server;
    private final String scheme;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    Peer(Script script) {
        this(listening(), "http", script);
    }

    Peer(ServerSocket server, String scheme, Script script) {
        this.server = server;
        this.scheme = scheme;
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    open.add(socket);
                    accepted.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket, script));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    /** Answers each request with that, for as long as the connection is kept. */
    static Peer answering(String response) {
        return new Peer(line -> {
            while (line.readHead() != null) {
                line.write(response);
            }
        });
    }

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            script.serve(new Line(socket));
        } catch (Exception e) {
            // the client has gone, or the script wanted it so
        } finally {
            open.remove(socket);
        }
    }

    URI uri() {
        return URI.create(scheme + "://localhost:" + server.getLocalPort());
    }

    String authority() {
        return "localhost:" + server.getLocalPort();
    }

    /** How many connections were made to it. */
    int accepted() {
        return accepted.get();
    }

    /** How many connections its scripts are serving. */
    int open() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** One connection. */
    static final class Line {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Line(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        /** All up to and with the empty line; null where the client has closed. */
        String readHead() throws IOException {
            return readUntil("\r\n\r\n");
        }

        String readUntil(String end) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.length() < end.length() || text.indexOf(end, text.length() - end.length()) < 0) {
                int b = in.read();
                if (b < 0) {
                    return text.isEmpty() ? null : "cut off: " + text;
                }
                text.append((char) b);
            }
            return text.toString();
        }

        String read(int count) throws IOException {
            return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
        }

        /** Reads on till the client ends or breaks the connection; how many bytes came. */
        long readAway() throws IOException {
            return in.transferTo(OutputStream.nullOutputStream());
        }

        InputStream in() {
            return in;
        }

        OutputStream out() {
            return out;
        }

        void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        SSLSession tlsSession() {
            return ((SSLSocket) socket).getSession();
        }

        /** The same connection with TLS over it; when the script returns that below is closed, without a word of TLS. */
        Line overTls(SSLContext context) throws IOException {
            SSLSocket over = (SSLSocket) context.getSocketFactory().createSocket(socket, null, false);
            over.setUseClientMode(false);
            return new Line(over);
        }

        /** Breaks the connection with RST. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
