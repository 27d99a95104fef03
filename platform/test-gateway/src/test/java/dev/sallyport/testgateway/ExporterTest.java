package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that carry telemetry outside, from a jar, in a gateway that serves. */
final class ExporterTest {

    /** Logs all that it hears of exchanges. */
    private static final String TELLER = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.*;
        import dev.sallyport.api.telemetry.*;
        import java.nio.charset.StandardCharsets;
        import java.util.concurrent.atomic.AtomicInteger;

        @Type("teller")
        public final class Factory implements ExporterFactory<Factory.Config> {

            public record Config(
                    @Doc("Where it fails.") @Default("none") String fails,
                    @Doc("A text.") @Default("teller") String text) {}

            @Override
            public Exporter create(Config config, ServiceContext context) {
                System.Logger log = context.logger();
                AtomicInteger warned = new AtomicInteger();
                return new Exporter() {

                    private void told(String what) {
                        if (what.startsWith(config.fails())) throw new IllegalStateException("on purpose");
                        log.log(System.Logger.Level.INFO, config.text() + " " + what);
                    }

                    @Override
                    public ExchangeObserver begins(Request request) {
                        told("begins " + request.method() + " " + request.target());
                        Exchange exchange = request.exchange();
                        return new ExchangeObserver() {
                            @Override
                            public boolean observesSteps() {
                                return true;
                            }

                            @Override
                            public Request received(Request received) {
                                return received.withHeader("x-from", "exporter");
                            }

                            @Override
                            public void stepEntered(StepInfo step) {
                                told("entered " + step.place() + " " + step.id() + " " + step.type());
                            }

                            @Override
                            public void stepLeft(StepInfo step, Verdict verdict, Throwable failure, long selfNanos) {
                                told("left " + step.id() + " " + verdict + (failure == null ? "" : " " + failure));
                            }

                            @Override
                            public Request attemptBegins(Attempt attempt, Request sent) {
                                told("tries " + attempt.upstream() + " " + attempt.number());
                                return sent.withHeader("traceparent", "attempt-" + attempt.number());
                            }

                            @Override
                            public void attemptEnded(Attempt attempt, int status, Throwable failure) {
                                told("tried " + status + (failure == null ? "" : " " + failure.getClass().getSimpleName()));
                            }

                            @Override
                            public void answered(Response response) {
                                told("answered " + response.status());
                            }

                            @Override
                            public void ended(Completion completion) {
                                told("ended " + completion.status() + " " + exchange.route() + " " + exchange.matchedPath());
                            }
                        };
                    }

                    @Override
                    public void logged(LogEvent event) {
                        if (event.level() == LogEvent.Level.WARN) warned.incrementAndGet();
                    }

                    @Override
                    public MetricsPage metricsPage(String accept) {
                        told("page " + accept);
                        String page = config.text() + " " + warned + " " + context.allMetrics().stream()
                                .filter(metric -> metric.name().equals("sallyport.exchange.duration"))
                                .flatMap(metric -> metric.points().stream())
                                .mapToLong(point -> ((Metric.Histogram) point).count())
                                .sum();
                        return new MetricsPage("text/x-told", out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
                    }

                    @Override
                    public String trouble() {
                        return config.text().equals("away") ? "what is behind it is away" : null;
                    }
                };
            }
        }
        """;

    @TempDir
    private Path folder;

    private Path teller;
    private Path stamp;
    private TestUpstream upstream;

    @BeforeEach
    void build() throws IOException {
        teller = SamplePlugin.of(Files.createDirectories(folder.resolve("teller")), "teller", "1.0.0", TELLER);
        stamp = StampPlugin.in(Files.createDirectories(folder.resolve("stamp")));
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private String config(String services) {
        return """
            %s
            routes:
              - name: orders
                match: {paths: ["/orders/{id}"]}
                plugins: [{stamp: {name: a}}]
                upstream: %s
              - {name: none, match: {paths: [/none]}, upstream: "http://127.0.0.1:1"}
            """.formatted(services, upstream.address());
    }

    private static List<String> told(TestGateway gateway) {
        return gateway.log().stream()
                .filter(line -> line.startsWith("INFO teller: "))
                .map(line -> line.substring("INFO teller: ".length()))
                .toList();
    }

    private static HttpResponse<String> metrics(TestGateway gateway) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(gateway.statusAddress().resolve("/metrics"))
                            .header("accept", "text/x-told")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void hearsOfStepsAndAttemptsInOrderAndSaysWhatTheTargetIsTold() {
        try (TestGateway gateway =
                TestGateway.with(teller).and(stamp).start(config("services: [{name: t, teller: {}}]"))) {

            assertThat(gateway.get("/orders/7").statusCode()).isEqualTo(200);

            gateway.await("its end", () -> told(gateway).stream().anyMatch(line -> line.contains("ended")));
            assertThat(told(gateway))
                    .containsExactly(
                            "teller begins GET /orders/7",
                            "teller entered orders stamp stamp",
                            "teller tries " + upstream.address() + " 1",
                            "teller tried 200",
                            "teller left stamp PASSED",
                            "teller answered 200",
                            "teller ended 200 orders /orders/{id}");
            assertThat(upstream.last().header("x-from")).hasValue("exporter");
            assertThat(upstream.last().header("traceparent")).hasValue("attempt-1");
        }
    }

    @Test
    void hearsOfAttemptsThatFailAndOfRequestsThatHaveNoRoute() {
        try (TestGateway gateway =
                TestGateway.with(teller).and(stamp).start(config("services: [{name: t, teller: {}}]"))) {

            assertThat(gateway.get("/none").statusCode()).isEqualTo(502);
            assertThat(gateway.get("/nowhere").statusCode()).isEqualTo(404);

            gateway.await(
                    "both ends",
                    () -> told(gateway).stream()
                                    .filter(line -> line.contains("ended"))
                                    .count()
                            == 2);
            assertThat(told(gateway))
                    .contains(
                            "teller tried 0 UpstreamException",
                            "teller ended 502 none /none",
                            "teller ended 404 null null");
        }
    }

    @Test
    void aPathThatCameByAReferenceIsToldAsTheReference() throws IOException {
        Path secret = Files.writeString(folder.resolve("path.txt"), "/hidden-path");
        String config = config("services: [{name: t, teller: {}}]")
                + "  - {name: hidden, match: {paths: [\"${file:" + secret + "}\"]}, upstream: \"" + upstream.address()
                + "\"}\n";
        try (TestGateway gateway = TestGateway.with(teller).and(stamp).start(config)) {

            assertThat(gateway.get("/hidden-path").statusCode()).isEqualTo(200);

            gateway.await("its end", () -> told(gateway).contains("teller ended 200 hidden ${file:" + secret + "}"));
        }
    }

    @Test
    void oneThatFailsHarmsNoRequestAndNoOtherExporter() {
        for (String fails : List.of("begins", "entered", "left", "tries", "tried", "answered", "ended")) {
            String services = """
                services:
                  - {name: bad, teller: {fails: %s, text: bad}}
                  - {name: good, teller: {text: good}}
                """.formatted(fails);
            try (TestGateway gateway = TestGateway.with(teller).and(stamp).start(config(services))) {

                assertThat(gateway.get("/orders/7").statusCode()).isEqualTo(200);

                gateway.await("its end", () -> told(gateway).contains("good ended 200 orders /orders/{id}"));
                assertThat(told(gateway))
                        .filteredOn(line -> line.startsWith("good"))
                        .hasSize(7);
            }
        }
    }

    @Test
    void writesThePageOfMetricsFromAllThatThereAre() throws Exception {
        try (TestGateway gateway =
                TestGateway.with(teller).and(stamp).start(config("services: [{name: t, teller: {text: own}}]"))) {
            gateway.get("/orders/7");
            gateway.await("its end", () -> told(gateway).stream().anyMatch(line -> line.contains("ended")));

            HttpResponse<String> page = metrics(gateway);

            assertThat(page.headers().firstValue("content-type")).hasValue("text/x-told");
            assertThat(page.body()).matches("own \\d+ 1");
            assertThat(told(gateway)).contains("own page text/x-told");
        }
    }

    @Test
    void whereItsPageFailsTheGatewaysOwnIsShown() throws Exception {
        try (TestGateway gateway =
                TestGateway.with(teller).and(stamp).start(config("services: [{name: t, teller: {fails: page}}]"))) {

            assertThat(metrics(gateway).body()).contains("sallyport_generation 1.0");
        }
    }

    @Test
    void hearsOfTheLogAndItsTroubleIsShown() throws Exception {
        try (TestGateway gateway =
                TestGateway.with(teller).and(stamp).start(config("services: [{name: t, teller: {text: away}}]"))) {

            System.getLogger("some").log(System.Logger.Level.WARNING, "something");

            assertThat(metrics(gateway).body()).matches("away [1-9]\\d* .*");
            assertThat(gateway.degraded()).contains("service t: what is behind it is away");
        }
    }

    @Test
    void isNoNameThatNobodyUsesAndIsReplacedWithItsSettings() {
        try (TestGateway gateway =
                TestGateway.with(teller).and(stamp).start(config("services: [{name: t, teller: {text: one}}]"))) {

            assertThat(gateway.configure(config("services: [{name: t, teller: {text: two}}]"))
                            .problems())
                    .isEmpty();
            gateway.get("/orders/7");

            gateway.await("its end", () -> told(gateway).contains("two ended 200 orders /orders/{id}"));
            assertThat(told(gateway)).noneMatch(line -> line.startsWith("one"));
        }
    }

    @Test
    void hearsOfTheEndOfWhatIsUnderWayWhenItIsReplaced() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        HttpServer streaming = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        streaming.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('a');
            exchange.getResponseBody().flush();
            try {
                rest.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        streaming.setExecutor(Thread::startVirtualThread);
        streaming.start();
        String changed = config("services: [{name: t, teller: {text: TEXT}}]")
                .replace(
                        upstream.address().toString(),
                        "http://127.0.0.1:" + streaming.getAddress().getPort());
        try (TestGateway gateway = TestGateway.with(teller).and(stamp).start(changed.replace("TEXT", "first"));
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(gateway.address().resolve("/orders/1"))
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.body().read()).isEqualTo('a');
            gateway.configure(changed.replace("TEXT", "second"));
            LockSupport.parkNanos(600_000_000); // what may leave the generation that was replaced has left it
            rest.countDown();
            assertThat(answer.body().readAllBytes()).isEmpty();
            gateway.await("its end", () -> told(gateway).stream().anyMatch(line -> line.startsWith("first ended 200")));
        } finally {
            streaming.stop(0);
        }
    }

    @Test
    void whatIsSlowIsNamedWithTheStepOrTargetThatTookTheTime() {
        upstream.answers(received -> {
            LockSupport.parkNanos(300_000_000);
            return new TestUpstream.Answered(200, "late", Map.of());
        });
        try (TestGateway gateway = TestGateway.with(stamp).start(config("log: {slowRequests: 100ms}"))) {

            assertThat(gateway.get("/orders/7").statusCode()).isEqualTo(200);

            gateway.await(
                    "the line",
                    () -> gateway.log().stream().anyMatch(line -> line.startsWith("WARNING slow-requests: ")));
            assertThat(gateway.log())
                    .filteredOn(line -> line.startsWith("WARNING slow-requests: "))
                    .singleElement()
                    .asString()
                    .matches("WARNING slow-requests: request \\S+, GET /orders/7 on route orders, status 200: \\d{3} ms"
                            + " to its answer, over log.slowRequests of 100 ms: \\d{3} ms at " + upstream.address()
                            + " \\(upstream " + upstream.address()
                            + ", attempt 1\\), 0 ms in step stamp of orders");
        }
    }

    /** The code of the page for authors, under the names that these tests' jars have. */
    @Test
    void thePluginOfTheGuideCountsLateRequests() throws IOException {
        String code = MarkdownPage.read(Path.of("../../docs/guides/service-plugin.md")).fences().stream()
                .filter(fence -> fence.language().equals("java") && fence.text().contains("ExporterFactory"))
                .findFirst()
                .orElseThrow()
                .text()
                .replace("package acme", "package sample")
                .replace("acme/late", "late")
                .replace("LateFactory", "Factory");
        Path late = SamplePlugin.of(Files.createDirectories(folder.resolve("late")), "late", "1.0.0", code);
        try (TestGateway gateway =
                TestGateway.with(late).and(stamp).start(config("services: [{name: late, late: {after: 1ms}}]"))) {
            upstream.answers(received -> {
                LockSupport.parkNanos(5_000_000);
                return new TestUpstream.Answered(200, "late", Map.of());
            });

            gateway.get("/orders/7");

            gateway.await(
                    "it to be counted",
                    () -> gateway.metrics()
                            .contains("sallyport_late_requests_total{step=\"late\",version=\"1.0.0\"} 1.0"));
        }
    }
}
