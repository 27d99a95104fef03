package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a request may take of the gateway: bytes of new objects, and reads and writes of the system. Unlike time, these are
 * nearly the same on each machine, so a change that costs more is seen on the day that it is made. Time is measured by
 * {@code distribution/benchmarks}.
 *
 * <p>Client and target are threads of this process that make no objects and count what they ask of the system; the rest
 * is the gateway's.
 */
final class RequestBudgetTest {

    private static final int REQUESTS = 5_000;

    /** Compilers take away objects that interpreters make: rounds go on until so many of them have brought nothing more. */
    private static final int STEADY_ROUNDS = 4;

    private static final int MOST_ROUNDS = 40;
    private static final Path IO = Path.of("/proc/self/io");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A step that passes each request on, and one that answers. */
    private static final String STEPS = """
        package sample;

        import dev.sallyport.api.*;

        public final class Factory {

            public record Nothing() {}

            @Type("passes")
            public static final class Passes implements FilterFactory<Nothing> {
                @Override
                public Filter create(Nothing config, FilterContext context) {
                    return (request, next) -> next.proceed(request);
                }
            }

            @Type("answers")
            public static final class Answers implements FilterFactory<Nothing> {
                @Override
                public Filter create(Nothing config, FilterContext context) {
                    return (request, next) -> Response.of(200).withHeader("x-by", "step");
                }
            }
        }
        """;

    @TempDir
    Path folder;

    private final Properties budget = new Properties();
    private Target small;
    private Target large;
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        try (InputStream in = RequestBudgetTest.class.getResourceAsStream("request-budget.properties")) {
            budget.load(in);
        }
        small = new Target(128);
        large = new Target(16 << 10);
        gateway = TestGateway.with(SamplePlugin.of(folder, "budget", "1.0.0", STEPS))
                .start("""
                    routes:
                      - {name: plain, match: {paths: [/plain]}, upstream: small}
                      - {name: large, match: {paths: [/large]}, upstream: large}
                      - {name: answer, match: {paths: [/answer]}, plugins: [answers: {}]}
                      - name: steps
                        match: {paths: [/steps]}
                        plugins: [{passes: {}, id: a}, {passes: {}, id: b}, {passes: {}, id: c}, {passes: {}, id: d}, {passes: {}, id: e}]
                        upstream: small
                    upstreams:
                      small: {targets: ["%s"]}
                      large: {targets: ["%s"]}
                    """.formatted(small.address(), large.address()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        small.close();
        large.close();
    }

    @ParameterizedTest
    @CsvSource({"plain, GET, 0", "steps, GET, 0", "large, GET, 0", "plain, POST, 2048", "answer, GET, 0"})
    void staysWithinItsBudget(String route, String method, int body) throws IOException {
        String what = route + "." + method;
        URI address = gateway.address();
        String head = method + " /" + route + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\n"
                + (body == 0 ? "" : "Content-Type: text/plain\r\nContent-Length: " + body + "\r\n") + "\r\n";
        try (KeptConnection client = KeptConnection.to(
                new InetSocketAddress(address.getHost(), address.getPort()), head + "x".repeat(body))) {
            Taken least = new Taken(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
            int steady = 0;
            for (int round = 0; round < MOST_ROUNDS && steady < STEADY_ROUNDS; round++) {
                Taken before = taken(client);
                send(client, REQUESTS);
                Taken now = taken(client).since(before);
                steady = now.bytes() < least.bytes() * 0.99 ? 0 : steady + 1;
                least = least.least(now);
            }
            System.out.printf(
                    "%s: %d bytes, %.2f reads, %.2f writes a request%n",
                    what,
                    least.bytes() / REQUESTS,
                    least.reads() / (double) REQUESTS,
                    least.writes() / (double) REQUESTS);

            isWithin(what + ".bytes", least.bytes() / (double) REQUESTS);
            if (Files.exists(IO)) {
                isWithin(what + ".reads", least.reads() / (double) REQUESTS);
                isWithin(what + ".writes", least.writes() / (double) REQUESTS);
            }
        }
    }

    private void isWithin(String what, double taken) {
        assertThat(taken)
                .as("%s: find what takes more, or raise the budget in request-budget.properties and say why", what)
                .isLessThanOrEqualTo(Double.parseDouble(budget.getProperty(what)));
    }

    private static void send(KeptConnection client, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            client.send();
            int status = client.receive();
            if (status != 200) {
                throw new AssertionError("request " + i + " was answered with " + status);
            }
        }
    }

    /** What the process has taken so far without this test's own part. */
    private Taken taken(KeptConnection client) throws IOException {
        long bytes = THREADS.getTotalThreadAllocatedBytes()
                - THREADS.getCurrentThreadAllocatedBytes()
                - small.bytes()
                - large.bytes();
        if (!Files.exists(IO)) {
            return new Taken(bytes, 0, 0);
        }
        long reads = 0;
        long writes = 0;
        for (String line : Files.readAllLines(IO)) {
            long count = Long.parseLong(line.substring(line.indexOf(' ') + 1));
            reads += line.startsWith("syscr") ? count : 0;
            writes += line.startsWith("syscw") ? count : 0;
        }
        return new Taken(
                bytes,
                reads - client.reads() - small.reads() - large.reads(),
                writes - client.writes() - small.writes() - large.writes());
    }

    private record Taken(long bytes, long reads, long writes) {

        Taken since(Taken before) {
            return new Taken(bytes - before.bytes, reads - before.reads, writes - before.writes);
        }

        Taken least(Taken other) {
            return new Taken(
                    Math.min(bytes, other.bytes), Math.min(reads, other.reads), Math.min(writes, other.writes));
        }
    }

    /** Answers each request with as many bytes, by a thread for each connection. */
    private static final class Target implements AutoCloseable {

        private final ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        private final byte[] answer;
        private final Map<Thread, KeptConnection> connections = new ConcurrentHashMap<>();

        Target(int size) throws IOException {
            answer = ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + size + "\r\n\r\n"
                            + "x".repeat(size))
                    .getBytes(StandardCharsets.US_ASCII);
            Thread.ofPlatform().name("target").start(this::accept);
        }

        String address() throws IOException {
            return "http://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
        }

        long bytes() {
            return connections.keySet().stream()
                    .mapToLong(thread -> THREADS.getThreadAllocatedBytes(thread.threadId()))
                    .sum();
        }

        long reads() {
            return connections.values().stream()
                    .mapToLong(KeptConnection::reads)
                    .sum();
        }

        long writes() {
            return connections.values().stream()
                    .mapToLong(KeptConnection::writes)
                    .sum();
        }

        private void accept() {
            try {
                while (true) {
                    KeptConnection connection = KeptConnection.of(server.accept(), answer);
                    Thread thread = Thread.ofPlatform().unstarted(() -> serve(connection));
                    connections.put(thread, connection);
                    thread.start();
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private static void serve(KeptConnection connection) {
            try (connection) {
                while (true) {
                    connection.receive();
                    connection.send();
                }
            } catch (IOException gone) {
                // what it has counted stays
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
