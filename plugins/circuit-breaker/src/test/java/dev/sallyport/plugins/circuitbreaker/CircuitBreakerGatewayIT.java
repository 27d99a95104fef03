package dev.sallyport.plugins.circuitbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.PluginJar;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CircuitBreakerGatewayIT {

    private static String config(String settings, TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{circuit-breaker: {%s}}], upstream: "%s"}
            """.formatted(settings, upstream.address());
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream good = TestUpstream.start();
                TestUpstream bad = TestUpstream.start().answers(500, "broken");
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace("http://127.0.0.1:9001", good.address().toString())
                                .replace("http://127.0.0.1:9002", bad.address().toString()))) {
            for (int call = 0; call < 40; call++) {
                gateway.get("/orders/1");
            }
            int callsOfTheBad = bad.requests().size();

            for (int call = 0; call < 10; call++) {
                assertThat(gateway.get("/orders/1").statusCode()).isEqualTo(200);
            }

            assertThat(callsOfTheBad).as("calls until its circuit opened").isEqualTo(20);
            assertThat(bad.requests()).as("calls while it is open").hasSize(callsOfTheBad);
        }
    }

    @Test
    void answers503WhileTheCircuitIsOpenAndSparesTheUpstream() {
        try (TestUpstream upstream = TestUpstream.start().answers(500, "broken");
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start(config("window: 4, openFor: 1h", upstream))) {
            open(gateway);

            HttpResponse<String> refused = gateway.get("/");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                    .isBetween(1L, 3600L);
            assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(refused.body()).contains("urn:sallyport:problem:circuit-open");
            assertThat(upstream.requests()).hasSize(4);
            assertThat(gateway.log())
                    .contains("WARNING circuit-breaker: circuit-breaker/all/circuit-breaker: circuit open, was closed");
        }
    }

    private static void open(TestGateway gateway) {
        for (int call = 0; call < 4; call++) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void triesTheUpstreamAgainAfterATime() {
        try (TestUpstream upstream = TestUpstream.start().answers(500, "broken");
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(config("window: 4, openFor: 100ms, halfOpenCalls: 1", upstream))) {
            open(gateway);
            upstream.answers(200, "well again");

            gateway.await("the circuit to close", () -> gateway.get("/").statusCode() == 200);

            assertThat(gateway.get("/").body()).isEqualTo("well again");
        }
    }

    /** Under faults that a seed decides. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void goesThroughTheStatesOfItsPage(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AtomicBoolean well = new AtomicBoolean();
        try (TestUpstream upstream = TestUpstream.start()
                        .answers(request -> well.get() ? new Answered(200, "", Map.of()) : fault(random));
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(config("window: 4, openFor: 100ms, halfOpenCalls: 1", upstream))) {
            for (int call = 0; call < 4; call++) {
                gateway.get("/");
            }
            gateway.await("a try that fails", () -> {
                gateway.get("/");
                return upstream.requests().size() == 5;
            });
            well.set(true);

            gateway.await("a try that succeeds", () -> gateway.get("/").statusCode() == 200);

            assertThat(gateway.log().stream().filter(line -> line.contains(": circuit ")))
                    .extracting(line -> line.replaceFirst(".*: circuit ", ""))
                    .containsExactly(
                            "open, was closed",
                            "half-open, was open",
                            "open, was half-open",
                            "half-open, was open",
                            "closed, was half-open");
        }
    }

    private static synchronized Answered fault(SplittableRandom random) {
        int status = List.of(500, 502, 503, 504, 0).get(random.nextInt(5));
        // On a kept connection the gateway would send again by itself what is cut off.
        return status == 0 ? Answered.cutOff() : new Answered(status, "", Map.of("connection", "close"));
    }

    @Test
    void isShownAndSwitchedByTheAdminApi() {
        try (TestUpstream one = TestUpstream.start();
                TestUpstream two = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            upstreams:
                              back: {targets: ["%s", "%s"], plugins: [{circuit-breaker: {}}]}
                            routes: [{name: all, upstream: back}]
                            """.formatted(one.address(), two.address()))) {
            String step = "circuit-breaker/upstream:back/circuit-breaker";
            gateway.get("/");
            gateway.get("/");
            one.forget();

            assertThat(gateway.tell(step, "open", one.address().toString())).contains("is forced open");
            for (int i = 0; i < 4; i++) {
                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            }
            assertThat(one.requests()).isEmpty();
            assertThat(gateway.steps()).contains("\"state\":\"forced-open\"").contains("\"state\":\"closed\"");

            assertThat(gateway.tell(step, "open", null)).contains("each circuit is forced open");
            assertThat(gateway.get("/").statusCode()).isEqualTo(503);
            assertThat(gateway.tell(step, "auto", null)).contains("each circuit follows its calls");
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            assertThat(gateway.tell(step, "shut", null)).contains("(expected: one of [auto, close, open])");
        }
    }

    @Test
    void aTargetThatDoesNotAnswerIsLeftOut() throws Exception {
        URI nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            upstreams:
                              back:
                                targets: ["%s", "%s"]
                                plugins: [{circuit-breaker: {window: 2, openFor: 1h}}]
                            routes: [{name: all, upstream: back}]
                            """.formatted(upstream.address(), nobody))) {
            for (int call = 0; call < 4; call++) {
                gateway.get("/");
            }

            for (int call = 0; call < 4; call++) {
                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void theCircuitStaysOpenOverAReloadAChangeOfItsSettingsAndAnUpgrade(@TempDir Path folder) {
        Path jar = TestGateway.builtJar();
        try (TestUpstream upstream = TestUpstream.start().answers(500, "broken");
                TestGateway gateway = TestGateway.with(jar).start(config("window: 4, openFor: 1h", upstream))) {
            open(gateway);
            upstream.answers(200, "well again");

            ReloadResult unchanged = gateway.configure(config("window: 4, openFor: 1h", upstream));
            int afterReload = gateway.get("/").statusCode();
            ReloadResult changed = gateway.configure(config("window: 5, openFor: 1h", upstream));
            int afterChange = gateway.get("/").statusCode();
            gateway.drop(PluginJar.withVersion(jar, "0.1.1", folder.resolve(jar.getFileName())));
            int afterUpgrade = gateway.get("/").statusCode();

            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(changed.created()).isEqualTo(1);
            assertThat(List.of(afterReload, afterChange, afterUpgrade)).containsOnly(503);
            assertThat(gateway.steps()).contains("\"version\":\"0.1.1\"", "\"state\":\"open\"");
            gateway.tell("circuit-breaker/all/circuit-breaker", "close", null);
            gateway.drop(PluginJar.withVersion(jar, "0.1.2", folder.resolve(jar.getFileName())));
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            assertThat(gateway.steps()).contains("\"version\":\"0.1.2\"", "\"state\":\"forced-closed\"");
        }
    }

    /** Calls go on while the plugin is exchanged, and each is counted once: the window is full after as many as it has. */
    @Test
    void noCallIsLostOverUpgradesUnderLoad(@TempDir Path folder) throws Exception {
        Path jar = TestGateway.builtJar();
        int window = 2_000;
        int clients = 4;
        String settings = "window: " + window + ", minimumCalls: " + window + ", openFor: 1h";
        try (TestUpstream upstream = TestUpstream.start().answers(500, "broken");
                TestGateway gateway = TestGateway.with(jar).start(config(settings, upstream));
                ExecutorService load = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger most = new AtomicInteger(400);
            AtomicInteger sent = new AtomicInteger();
            List<Future<?>> sending = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                sending.add(load.submit(() -> {
                    while (sent.getAndIncrement() < most.get()) {
                        assertThat(gateway.get("/").statusCode()).isEqualTo(500);
                    }
                    return null;
                }));
            }
            for (int version = 1; version <= 3; version++) {
                most.addAndGet(400);
                gateway.drop(PluginJar.withVersion(jar, "0.1." + version, folder.resolve(jar.getFileName())));
            }
            for (Future<?> each : sending) {
                each.get();
            }
            int counted = upstream.requests().size();
            gateway.await("the plugins that were exchanged to be gone", () -> {
                assertThat(gateway.get("/").statusCode()).isEqualTo(500);
                return gateway.steps()
                        .contains("\"calls\":" + upstream.requests().size() + ",");
            });
            assertThat(counted).isEqualTo(1_600);
            for (int call = upstream.requests().size(); call < window; call++) {
                assertThat(gateway.get("/").statusCode()).isEqualTo(500);
            }

            assertThat(gateway.get("/").statusCode()).isEqualTo(503);
            assertThat(upstream.requests()).hasSize(window);
        }
    }
}
