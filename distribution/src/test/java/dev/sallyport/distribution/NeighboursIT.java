package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route feels of what the steps of another route do to the process that they share. */
final class NeighboursIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String API = ">=0.1.0 & <1.0.0";

    private static final String LOOP = """
        for (long i = 0; ; i++) {
            if (i == Long.MIN_VALUE) {
                return next.proceed(request);
            }
        }
        """;

    /** The text says how many MiB at once. */
    private static final String ALLOCATE = """
        return (request, next) -> {
            byte[] bytes = new byte[Integer.parseInt(config.text()) << 20];
            bytes[bytes.length / 2] = 1;
            return next.proceed(request).withHeader("x-bytes", Integer.toString(bytes.length + bytes[0]));
        };
        """;

    /** As many as there are carriers, and twice as many. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void otherRoutesAreServedWhileStepsLoop(int loops) {
        loop(loops, Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    @Tag("proof")
    void otherRoutesAreServedInTimeWhileStepsLoop(int loops) {
        assertThat(loop(loops, Duration.ofSeconds(20), Duration.ofSeconds(20)))
                .as("p99 of the other route in ms")
                .isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    @Tag("proof")
    void whatOtherRoutesSeeOfManyLoopsIsMeasured(int loops) {
        loop(loops, Duration.ofSeconds(20), Duration.ofSeconds(20));
    }

    /** The percentile of all that was asked from before the first loop on. */
    private static double loop(int loops, Duration calm, Duration busy) {
        try (Product product = Product.with(Product.web("""
            routes:
              - {name: spinning, match: {paths: [/loop]}, plugins: [{test/loop: {}}, {respond: {body: x}}]}
              - {name: good, match: {paths: [/good]}, plugins: [{respond: {body: good}}]}
            """))
                .plugin(PluginJars.step("test/loop", "1.0.0", LOOP))
                .jvm("-Djdk.virtualThreadScheduler.parallelism=2")
                .start()) {
            String before = measure(product, calm, () -> {}).report();
            List<RawConnection> connections = new ArrayList<>();
            PacedClients clients = measure(product, busy, () -> {
                for (int i = 0; i < loops; i++) {
                    connections.add(new RawConnection(product.address()).send(get("/loop")));
                }
            });

            product.output().await("route spinning");
            assertThat(product.output().toString()).contains("test/loop").contains("at sample.Factory");
            assertThat(product.status().status("/livez")).isEqualTo(200);
            assertThat(product.admin().status("/v1/routes")).isEqualTo(200);
            System.out.printf("%d loops: before %s; meanwhile %s%n", loops, before, clients.report());
            connections.forEach(RawConnection::close);
            product.kill();
            return clients.millis(0.99);
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static PacedClients measure(Product product, Duration length, Runnable disturbance) {
        PacedClients clients = new PacedClients(product.address(), "/good", "good");
        try (clients) {
            await().atMost(PATIENCE).until(() -> clients.answers() > 20);
            disturbance.run();
            LockSupport.parkNanos(length.toNanos());
        }
        assertThat(clients.faults()).isEmpty();
        assertThat(clients.answers()).isPositive();
        return clients;
    }

    /** With a quarter of the heap a request, two at a time fit beside each other. */
    @ParameterizedTest
    @CsvSource({"64, 2, 2"})
    void otherRoutesAreServedWhileAStepAllocates(int mebibytes, int callers, int seconds) {
        allocate(mebibytes, callers, Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"1, 8, 20", "16, 4, 20", "64, 1, 20", "64, 2, 20"})
    @Tag("proof")
    void whatOtherRoutesSeeWhileAStepAllocatesIsMeasured(int mebibytes, int callers, int seconds) {
        allocate(mebibytes, callers, Duration.ofSeconds(seconds));
    }

    private static void allocate(int mebibytes, int callers, Duration length) {
        try (Product product = Product.with(Product.web("""
            routes:
              - {name: greedy, match: {paths: [/huge]}, plugins: [{test/huge: {text: "%d"}}, {respond: {body: huge}}]}
              - {name: good, match: {paths: [/good]}, plugins: [{respond: {body: good}}]}
            """.formatted(mebibytes)))
                .plugin(PluginJars.plugin("test/huge", "1.0.0", API, ALLOCATE, ""))
                .heap("256m")
                .start()) {
            String before = measure(product, length, () -> {}).report();
            List<Long> served = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            long end = System.nanoTime() + length.toNanos() + TimeUnit.SECONDS.toNanos(1);
            PacedClients clients = measure(product, length, () -> {
                for (int i = 0; i < callers; i++) {
                    threads.add(Thread.ofPlatform().daemon().start(() -> {
                        long count = callUntil(product, end);
                        synchronized (served) {
                            served.add(count);
                        }
                    }));
                }
            });
            await().atMost(PATIENCE).until(() -> threads.stream().noneMatch(Thread::isAlive));

            assertThat(served).hasSize(callers).allMatch(count -> count > 0);
            assertThat(product.process().isAlive()).isTrue();
            System.out.printf(
                    "%d MiB a request, %d at a time, %d requests: before %s; meanwhile %s; %s%n",
                    mebibytes,
                    callers,
                    served.stream().mapToLong(Long::longValue).sum(),
                    before,
                    clients.report(),
                    product.output().toString().contains("OutOfMemoryError") ? "out of memory" : "no lack of memory");
        }
    }

    /** How many answers came. */
    private static long callUntil(Product product, long end) {
        long count = 0;
        try (RawConnection connection = new RawConnection(product.address())) {
            while (System.nanoTime() < end
                    && connection.send(get("/huge")).readTo("huge").startsWith("HTTP/1.1 200")) {
                count++;
            }
        }
        return count;
    }
}
