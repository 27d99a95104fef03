package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where memory runs out, the process ends and is started again, on the generation that served last. */
final class OutOfMemoryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AGAIN = "it is started again on what served last";

    /** Does as the request says; what it catches does not save it. */
    private static final String GREEDY = """
        return (request, next) -> {
            switch (String.valueOf(request.headers().get("x-do"))) {
                case "keep" -> {
                    while (true) {
                        Kept.ALL.add(new byte[1 << 20]);
                    }
                }
                case "catch" -> {
                    try {
                        while (true) {
                            Kept.ALL.add(new byte[1 << 20]);
                        }
                    } catch (OutOfMemoryError e) {
                        Kept.ALL.clear();
                    }
                }
                case "huge" -> Kept.ALL.add(new byte[Integer.MAX_VALUE - 2]);
                case "over the limit" -> Kept.ALL.add(new byte[Integer.MAX_VALUE]);
                default -> {}
            }
            return next.proceed(request);
        };
        """;

    private static final String KEPT = """

        final class Kept {
            static final java.util.List<byte[]> ALL = new java.util.ArrayList<>();
        }
        """;

    private static final String ROUTES = """
        routes:
          - {name: greedy, match: {paths: [/greedy]}, plugins: [{test/greedy: {}}, {respond: {body: %s}}]}
          - {name: good, match: {paths: [/good]}, plugins: [{respond: {body: %s}}]}
        """;

    private static Product.Setup gateway(String body) {
        int port = Ports.free();
        return Product.with(config(port, body))
                .plugin(PluginJars.plugin("test/greedy", "1.0.0", ">=0.1.0 & <1.0.0", GREEDY, KEPT));
    }

    private static String config(int port, String body) {
        return Product.web(ROUTES.formatted(body, body)).replaceFirst("127.0.0.1:0", "127.0.0.1:" + port);
    }

    @ParameterizedTest
    @CsvSource({"keep", "catch", "huge", "over the limit"})
    void theGatewayServesAgainAfterAStepHasUsedUpAllMemory(String how) {
        try (Product product = gateway("first").start()) {
            int port = product.address().getPort();
            long before = product.jvm().pid();
            product.reconfigure(config(port, "second"));
            assertThat(product.client().get("/greedy").body()).isEqualTo("second");
            int from = product.output().size();

            try (RawConnection client = new RawConnection(product.address())) {
                client.send("GET /greedy HTTP/1.1\r\nHost: a\r\nx-do: " + how + "\r\n\r\n");
                product.output().await(AGAIN, from);
            }

            product.output().await("ready in", from);
            assertThat(product.output().lines().subList(from, product.output().size()))
                    .anyMatch(line -> line.contains("OutOfMemoryError"));
            assertThat(product.jvm().pid()).isNotEqualTo(before);
            assertThat(product.client().get("/greedy").body()).isEqualTo("second");
            assertThat(product.client().get("/good").body()).isEqualTo("second");
            assertThat(product.status().get("/readyz").body()).doesNotContain("out of memory");
            assertThat(product.stop()).isZero();
        }
    }

    @Test
    void aPluginThatUsesUpAllMemoryWhileItIsMadeIsNotTriedAgain() {
        String create = "while (true) { Kept.ALL.add(new byte[1 << 20]); }";
        try (Product product = gateway("first").start()) {
            assertThat(product.client().get("/greedy").body()).isEqualTo("first");
            int from = product.output().size();

            product.drop(PluginJars.plugin("test/greedy", "1.0.1", ">=0.1.0 & <1.0.0", create, KEPT));

            product.output().await(AGAIN, from);
            product.output().await("ready in", from);
            assertThat(product.client().get("/greedy").body()).isEqualTo("first");
            assertThat(product.client().get("/good").body()).isEqualTo("first");
            assertThat(product.status().get("/readyz").body())
                    .contains("since the gateway ran out of memory")
                    .contains("test-greedy");

            product.remove("test-greedy-1.0.1");
            await().atMost(PATIENCE)
                    .until(() -> !product.status().get("/readyz").body().contains("out of memory"));
            assertThat(product.client().get("/greedy").body()).isEqualTo("first");
        }
    }

    @Test
    void aGatewayThatRunsOutOfMemoryAgainAndAgainIsNotStartedForEver() {
        try (Product product =
                Product.with(Product.web(ROUTES.formatted("x", "x"))).heap("8m").launch()) {
            assertThat(product.awaitExit()).isEqualTo(3);
            product.output().awaitEnd();
            assertThat(product.output().toString()).contains(AGAIN).contains("it is not started again");
        }
    }

    @Test
    void anyOtherEndIsTheEndOfTheLauncherToo() {
        try (Product killed = gateway("x").start()) {
            killed.jvm().destroyForcibly();
            assertThat(killed.awaitExit()).isEqualTo(137);
            assertThat(killed.output().toString()).doesNotContain(AGAIN);
        }
        try (Product wrong = Product.with("version: 1\nroutes: nonsense\n").launch()) {
            assertThat(wrong.awaitExit()).isEqualTo(1);
        }
    }

    @Test
    void aGatewayDoesNotOutliveItsLauncher() throws Exception {
        try (Product product = gateway("x").start()) {
            ProcessHandle jvm = product.jvm();
            URI address = product.address();

            product.process().destroyForcibly().waitFor();

            await().atMost(PATIENCE).until(() -> !Ports.isOpen(address.getPort()));
            await().atMost(PATIENCE).until(() -> !jvm.isAlive());
        }
    }

    @Test
    void whoTellsAllItsProcessesToEndAtOnceLetsRequestsComeToTheirEnd() {
        try (EchoServer echo = new EchoServer();
                Product product = Product.with(
                                Product.web("routes: [{name: all, upstream: \"%s\"}]\n".formatted(echo.address())))
                        .start();
                RawConnection slow = new RawConnection(product.address())) {
            slow.send("GET /slow?wait HTTP/1.1\r\nHost: a\r\n\r\n");
            await().atMost(PATIENCE).until(() -> echo.requests() > 0);

            Command.run(
                            "kill",
                            "-TERM",
                            product.process().pid() + "",
                            product.jvm().pid() + "")
                    .succeeds();
            await().atMost(PATIENCE).until(() -> !Ports.isOpen(product.address().getPort()));
            echo.release();

            assertThat(slow.readTo("0 bytes\n")).startsWith("HTTP/1.1 200");
            assertThat(product.awaitExit()).isZero();
        }
    }
}
