package dev.sallyport.distribution;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An upstream whose answers never end: server-sent events on {@code /events}, the same as if it were gRPC on {@code /grpc},
 * and nothing at all, not even a head, on {@code /silent} until the next tick.
 */
final class StreamServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<BlockingQueue<String>> streams = ConcurrentHashMap.newKeySet();

    StreamServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::stream);
        server.setExecutor(threads);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How many streams are open. */
    int streams() {
        return streams.size();
    }

    /** Sends an event on all streams. */
    void tick(String text) {
        streams.forEach(stream -> stream.add(text));
    }

    private void stream(HttpExchange exchange) throws IOException {
        BlockingQueue<String> ticks = new LinkedBlockingQueue<>();
        streams.add(ticks);
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/silent")) {
                ticks.take();
            }
            exchange.getResponseHeaders()
                    .set("Content-Type", path.equals("/grpc") ? "application/grpc" : "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.flush();
            while (!path.equals("/silent")) {
                out.write(("data: " + ticks.take() + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            streams.remove(ticks);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
