package dev.sallyport.testgateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An upstream for a {@link TestGateway}, on a free port of loopback: remembers each request as it came, so that a test sees
 * what a step has made of it, and answers 200 with the request's method and target unless told otherwise. Thread-safe.
 */
public final class TestUpstream implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> requests = new CopyOnWriteArrayList<>();
    private volatile Answer answer = request -> new Answered(200, request.method() + " " + request.target(), Map.of());

    /**
     * A request as it came.
     *
     * @param target path and query, as on the wire
     * @param headers values by name, without regard to case
     * @param body its body as text in UTF-8; empty for none
     */
    public record Received(String method, String target, Map<String, List<String>> headers, String body) {

        /** The first value of that name. */
        public Optional<String> header(String name) {
            return headers.getOrDefault(name, List.of()).stream().findFirst();
        }
    }

    /** What to answer to a request. */
    @FunctionalInterface
    public interface Answer {

        /** Called for each request, by many threads at once. */
        Answered to(Received request) throws Exception;
    }

    /** An answer: status, body as text in UTF-8, header fields. */
    public record Answered(int status, String body, Map<String, String> headers) {

        private static final int CUT_OFF = 0;

        /** A fault in the place of an answer: the connection is closed. */
        public static Answered cutOff() {
            return new Answered(CUT_OFF, "", Map.of());
        }
    }

    private TestUpstream(HttpServer server) {
        this.server = server;
    }

    /** Starts one. */
    public static TestUpstream start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestUpstream upstream = new TestUpstream(server);
            server.createContext("/", upstream::handle);
            server.setExecutor(upstream.threads);
            server.start();
            return upstream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is, to be written as a target. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Answers all requests to come like this. */
    public TestUpstream answers(int status, String body) {
        return answers(request -> new Answered(status, body, Map.of()));
    }

    /** Answers all requests to come like this. */
    public TestUpstream answers(Answer changed) {
        answer = changed;
        return this;
    }

    /** All requests so far, in the order in which they came. */
    public List<Received> requests() {
        return List.copyOf(requests);
    }

    /** Forgets the requests so far. */
    public void forget() {
        requests.clear();
    }

    /**
     * The request that came last.
     *
     * @throws AssertionError where none has come
     */
    public Received last() {
        List<Received> all = requests();
        if (all.isEmpty()) {
            throw new AssertionError("no request has come to the upstream (expected: at least one)");
        }
        return all.getLast();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(exchange.getRequestHeaders());
        Received received = new Received(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        requests.add(received);
        try (exchange) {
            Answered answered = answered(received);
            if (answered.status() == Answered.CUT_OFF) {
                return;
            }
            answered.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = answered.body().getBytes(StandardCharsets.UTF_8);
            boolean bare = body.length == 0 || received.method().equals("HEAD");
            exchange.sendResponseHeaders(answered.status(), bare ? -1 : body.length);
            if (!bare) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answered answered(Received received) {
        try {
            return answer.to(received);
        } catch (Exception e) {
            return new Answered(500, "the test's answer failed: " + e, Map.of());
        }
    }

    /** Ends it; what is under way is cut off. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
