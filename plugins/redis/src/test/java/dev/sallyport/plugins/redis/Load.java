package dev.sallyport.plugins.redis;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Many connections to several gateways, each sending one request after the other. */
final class Load {

    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Load() {}

    /**
     * Sends requests for as long as that is wanted, and counts the statuses of the answers.
     *
     * @param connections to each gateway
     * @param more whether to send another one
     */
    static Map<Integer, Long> send(List<URI> gateways, int connections, BooleanSupplier more) throws Exception {
        List<Callable<Map<Integer, Long>>> clients = new ArrayList<>();
        for (URI gateway : gateways) {
            for (int i = 0; i < connections; i++) {
                clients.add(() -> client(gateway, more));
            }
        }
        Map<Integer, Long> all = new TreeMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Map<Integer, Long>> counted : threads.invokeAll(clients)) {
                counted.get().forEach((status, count) -> all.merge(status, count, Long::sum));
            }
        }
        return all;
    }

    /** So many requests, all together. */
    static Map<Integer, Long> send(List<URI> gateways, int connections, long requests) throws Exception {
        AtomicLong sent = new AtomicLong();
        return send(gateways, connections, () -> sent.getAndIncrement() < requests);
    }

    private static Map<Integer, Long> client(URI gateway, BooleanSupplier more) throws IOException {
        Map<Integer, Long> statuses = new TreeMap<>();
        try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
            socket.setSoTimeout(60_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (more.getAsBoolean()) {
                socket.getOutputStream().write(REQUEST);
                statuses.merge(answer(in), 1L, Long::sum);
            }
        }
        return statuses;
    }

    private static int answer(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        int length = 0;
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            if (field.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length =
                        Integer.parseInt(field.substring(field.indexOf(':') + 1).strip());
            }
        }
        in.skipNBytes(length);
        return status;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the gateway has closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
