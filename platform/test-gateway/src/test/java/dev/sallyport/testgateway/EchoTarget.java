package dev.sallyport.testgateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A target that tells, in the fields of its answer, who it is and what has come to it: as bytes, read by nobody's parser. Each
 * connection is one thread's.
 */
final class EchoTarget implements AutoCloseable {

    private final ServerSocket server;

    private EchoTarget(ServerSocket server) {
        this.server = server;
    }

    static EchoTarget start() {
        try {
            EchoTarget target = new EchoTarget(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(target::accept);
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it is written as a target. */
    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                InputStream in = new BufferedInputStream(client.getInputStream())) {
            for (List<String> head = head(in); !head.isEmpty(); head = head(in)) {
                skipBody(head, in);
                client.getOutputStream().write(answer(head).getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException gone) {
            // by the gateway
        }
    }

    private String answer(List<String> head) {
        StringBuilder answer = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Echo-Target: ")
                .append(url())
                .append("\r\nX-Echo-Line: ")
                .append(head.getFirst())
                .append("\r\n");
        for (String field : head.subList(1, head.size())) {
            answer.append("X-Echo-").append(field).append("\r\n");
        }
        return answer.append("\r\n").toString();
    }

    /** Request line and fields; none at the end of the connection. */
    private static List<String> head(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                if (line.isEmpty()) {
                    return lines;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r') {
                line.append((char) c);
            }
        }
        return List.of();
    }

    private static void skipBody(List<String> head, InputStream in) throws IOException {
        for (String field : head) {
            if (field.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                in.skipNBytes(Long.parseLong(
                        field.substring("content-length:".length()).strip()));
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
