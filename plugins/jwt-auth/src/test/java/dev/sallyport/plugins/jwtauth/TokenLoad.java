package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JWSObject;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** Clients that send every token that they were given, again and again, and keep book of the answers. */
final class TokenLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long PAUSE_NANOS = 1_000_000;

    private final URI address;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Sent> tokens = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong longestNanos = new AtomicLong();
    private final CountDownLatch ended;
    private volatile boolean stopped;

    TokenLoad(URI address, int clients) {
        this.address = address;
        this.ended = new CountDownLatch(clients);
        for (int i = 0; i < clients; i++) {
            threads.submit(this::run);
        }
    }

    /** A token that is sent, and the answers to it. Thread-safe. */
    static final class Sent {

        private final String name;
        private final String token;
        private final Map<Integer, Answers> answers = new ConcurrentHashMap<>();

        private Sent(String name, String token) {
            this.name = name;
            this.token = token;
        }

        /** How many requests with one status there were, when the first such answer came, when the last one was asked for. */
        private record Answers(long count, Instant first, Instant last) {

            Answers and(Answers more) {
                return new Answers(
                        count + more.count,
                        first.isBefore(more.first) ? first : more.first,
                        last.isAfter(more.last) ? last : more.last);
            }
        }

        private void add(int status, Instant asked, Instant answered) {
            answers.merge(status, new Answers(1, answered, asked), Answers::and);
        }

        Map<Integer, Long> statuses() {
            Map<Integer, Long> counts = new TreeMap<>();
            answers.forEach((status, all) -> counts.put(status, all.count));
            return counts;
        }

        /** When the first answer of that status had come. */
        Instant first(int status) {
            return answers.get(status).first;
        }

        /** When the last request with an answer of that status was sent. */
        Instant last(int status) {
            return answers.get(status).last;
        }

        Instant expiry() throws Exception {
            Map<String, Object> claims = JWSObject.parse(token).getPayload().toJSONObject();
            return Instant.ofEpochSecond(((Number) claims.get("exp")).longValue());
        }
    }

    /** Sends a token from now on. */
    Sent send(String name, String token) {
        Sent sent = new Sent(name, token);
        tokens.add(sent);
        return sent;
    }

    /** Waits until a token was answered like that. */
    void await(Sent token, int status) {
        Awaitility.await(token.name + " to be answered " + status)
                .atMost(PATIENCE)
                .until(() -> token.answers.containsKey(status));
    }

    /** Goes on for that time. */
    void keepFor(Duration time) {
        if (haveEnded(time)) {
            throw new AssertionError("the clients have ended: " + failures);
        }
    }

    /** What had no answer at all. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** The longest that any request took. */
    Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    /** Ends the clients, each after its answer. */
    void stop() {
        stopped = true;
        if (!haveEnded(PATIENCE)) {
            throw new AssertionError("a request hangs");
        }
    }

    private boolean haveEnded(Duration time) {
        try {
            return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Prints the book. */
    void report(String more) {
        tokens.forEach(token -> System.out.println(token.name + ": " + token.statuses()));
        System.out.println("longest answer " + longest().toMillis() + " ms; " + more);
    }

    private void run() {
        while (!stopped) {
            for (Sent token : tokens) {
                ask(token);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        ended.countDown();
    }

    private void ask(Sent token) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("authorization", "Bearer " + token.token)
                .timeout(Duration.ofSeconds(60))
                .build();
        Instant asked = Instant.now();
        long begun = System.nanoTime();
        try {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            token.add(status, asked, Instant.now());
        } catch (IOException | InterruptedException e) {
            failures.add(token.name + ": " + e);
        }
        longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
    }

    @Override
    public void close() {
        stop();
        threads.close();
        client.close();
    }

    /** Answers 200 and remembers nothing. */
    static final class Upstream implements AutoCloseable {

        private final HttpServer server;
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

        Upstream() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.setExecutor(threads);
            server.start();
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        @Override
        public void close() {
            server.stop(0);
            threads.close();
        }
    }
}
