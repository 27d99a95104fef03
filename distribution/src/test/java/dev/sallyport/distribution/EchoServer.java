package dev.sallyport.distribution;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * An upstream on the JDK's HTTP server. It answers a request's first line, header fields in lower case and the number of
 * bytes of its body, a line each; the query may ask for more: {@code status=503}, {@code wait} (until {@link #release}),
 * {@code bytes=1000000} (a body of that size).
 */
final class EchoServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<String> targets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(1));

    EchoServer() {
        this(0);
    }

    EchoServer(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** How many requests have come. */
    int requests() {
        return requests.get();
    }

    /** What was asked for, so far. */
    Set<String> targets() {
        return Set.copyOf(targets);
    }

    /** Lets all go on that wait. */
    void release() {
        gate.getAndSet(new CountDownLatch(1)).countDown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        targets.add(exchange.getRequestURI().toString());
        Map<String, String> query = query(exchange.getRequestURI());
        try (exchange) {
            long received = drain(exchange.getRequestBody());
            if (query.containsKey("wait")) {
                gate.get().await();
            }
            int status = Integer.parseInt(query.getOrDefault("status", "200"));
            if (query.containsKey("bytes")) {
                stream(exchange, status, Long.parseLong(query.get("bytes")));
            } else {
                byte[] body = describe(exchange, received).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String describe(HttpExchange exchange, long received) {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        return exchange.getRequestMethod() + " " + exchange.getRequestURI() + "\n"
                + headers.entrySet().stream()
                        .map(header -> header.getKey() + ": " + String.join(", ", header.getValue()) + "\n")
                        .collect(Collectors.joining())
                + received + " bytes\n";
    }

    private static long drain(InputStream in) throws IOException {
        byte[] buffer = new byte[64 << 10];
        long count = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            count += read;
        }
        return count;
    }

    private static void stream(HttpExchange exchange, int status, long bytes) throws IOException {
        exchange.sendResponseHeaders(status, bytes == 0 ? -1 : bytes);
        byte[] block = new byte[64 << 10];
        try (OutputStream out = exchange.getResponseBody()) {
            for (long left = bytes; left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
    }

    private static Map<String, String> query(URI uri) {
        if (uri.getRawQuery() == null) {
            return Map.of();
        }
        return Arrays.stream(uri.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0], pair -> pair.length > 1 ? pair[1] : "", (one, other) -> other));
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
