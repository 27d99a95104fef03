package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What becomes of clients where the process has too few file descriptors for them, or none at all. */
final class DescriptorsIT {

    private static final int FILES = 400;

    private static final String TAKES_ALL = """
        return (request, next) -> {
            if (request.path().equals("/free")) {
                for (java.io.FileInputStream one : Taken.FILES) {
                    one.close();
                }
                return Response.text(200, "free");
            }
            while (true) {
                try {
                    Taken.FILES.add(new java.io.FileInputStream("/dev/null"));
                } catch (java.io.IOException none) {
                    return Response.text(200, "taken");
                }
            }
        };
        """;

    private static final String TAKEN = """

        final class Taken {
            static final java.util.List<java.io.FileInputStream> FILES =
                new java.util.concurrent.CopyOnWriteArrayList<>();
        }
        """;

    @Test
    void connectionsThatAreTooManyForItAreClosedAndTheOthersServed() {
        List<RawConnection> served = new ArrayList<>();
        List<RawConnection> refused = new ArrayList<>();
        try (EchoServer echo = new EchoServer();
                Product product = Product.with(
                                Product.web("routes: [{name: all, upstream: \"" + echo.address() + "\"}]"))
                        .files(FILES)
                        .start()) {
            assertThat(product.output().toString()).contains("the process may have 400 files open, which is too few");

            for (int i = 0; i < FILES; i++) {
                RawConnection one = new RawConnection(product.address());
                (ask(one, "/x").startsWith("HTTP/1.1 200") ? served : refused).add(one);
            }

            assertThat(served).hasSizeGreaterThan(50);
            assertThat(refused).hasSizeGreaterThan(100);
            assertThat(product.status().get("/metrics").body())
                    .containsPattern("sallyport_limits_met_total\\{[^}]*limit=\"connections\"[^}]*} " + refused.size())
                    .contains("process_max_fds 400.0\n");
            assertThat(product.admin().status("/v1/routes")).isEqualTo(200);
            assertThat(served).allMatch(one -> ask(one, "/x").startsWith("HTTP/1.1 200"));
            assertThat(product.output().lines())
                    .filteredOn(line -> line.contains("limits.connections was met"))
                    .hasSizeBetween(1, 3);

            served.forEach(RawConnection::close);
            await().untilAsserted(() -> {
                try (RawConnection fresh = new RawConnection(product.address())) {
                    assertThat(ask(fresh, "/x")).startsWith("HTTP/1.1 200");
                }
            });
        } finally {
            served.forEach(RawConnection::close);
            refused.forEach(RawConnection::close);
        }
    }

    @Test
    void whereNoneIsLeftConnectionsWaitAndThoseThatThereAreAreServed() {
        try (EchoServer echo = new EchoServer();
                EchoServer other = new EchoServer();
                Product product = Product.with(Product.web("""
                    include: [teams/*.yaml]
                    routes:
                      - {name: greedy, match: {paths: [/take, /free]}, plugins: [{test/greedy: {}}]}
                      - {name: other, match: {paths: [/other]}, upstream: "%s"}
                      - {name: all, upstream: "%s"}
                    """.formatted(other.address(), echo.address())))
                        .plugin(PluginJars.plugin("test/greedy", "1.0.0", ">=0.1.0 & <1.0.0", TAKES_ALL, TAKEN))
                        .file(
                                "conf/teams/shop.yaml",
                                "routes: [{name: shop, match: {paths: [/shop]}, upstream: \"" + echo.address() + "\"}]")
                        .files(FILES)
                        .start();
                RawConnection greedy = new RawConnection(product.address());
                RawConnection kept = new RawConnection(product.address())) {
            assertThat(ask(kept, "/x")).startsWith("HTTP/1.1 200");
            int from = product.output().size();

            assertThat(greedy.send(get("/take")).readTo("taken")).startsWith("HTTP/1.1 200");
            try (RawConnection waiting = new RawConnection(product.address())) {
                waiting.send(get("/x"));
                product.output().await("listener web: no connection can be taken: Too many open files", from);

                await("it rests, also while it cannot accept what waits")
                        .atMost(Duration.ofMinutes(1))
                        .until(
                                () -> cpu(product, () -> {
                                    for (int i = 0; i < 10; i++) {
                                        assertThat(ask(kept, "/x")).startsWith("HTTP/1.1 200");
                                        LockSupport.parkNanos(
                                                Duration.ofMillis(100).toNanos());
                                    }
                                }),
                                used -> used.toMillis() < 500);
                product.signal("HUP");
                product.output().await("refused", from);
                assertThat(ask(kept, "/shop")).as("what is included is there").startsWith("HTTP/1.1 200");
                assertThat(ask(kept, "/other")).as("its target needs one").startsWith("HTTP/1.1 502");
                assertThat(product.output()
                                .lines()
                                .subList(from, product.output().size()))
                        .as("what it says in that time")
                        .hasSizeLessThan(50);

                assertThat(greedy.send(get("/free")).readTo("free")).startsWith("HTTP/1.1 200");
                assertThat(waiting.readTo("bytes\n")).startsWith("HTTP/1.1 200");
            }
            assertThat(product.process().isAlive()).isTrue();
            assertThat(product.client().status("/other")).isEqualTo(200);
            product.signal("HUP");
            await().untilAsserted(() ->
                    assertThat(product.status().get("/readyz").body()).contains("\"degraded\":[]"));
        }
    }

    private static Duration cpu(Product product, Runnable work) {
        Duration before = product.jvm().info().totalCpuDuration().orElseThrow();
        work.run();
        return product.jvm().info().totalCpuDuration().orElseThrow().minus(before);
    }

    private static String ask(RawConnection connection, String path) {
        String head = connection.send(get(path)).readTo("\r\n\r\n");
        return head.startsWith("HTTP/1.1 200") ? head + connection.readTo("bytes\n") : head;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }
}
