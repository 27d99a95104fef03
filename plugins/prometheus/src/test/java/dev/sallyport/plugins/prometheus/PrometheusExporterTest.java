package dev.sallyport.plugins.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.Metric;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.api.telemetry.TraceContext;
import dev.sallyport.plugins.prometheus.PrometheusConfig.Form;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.api.common.Attributes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PrometheusExporterTest {

    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
    private static final String PROTOBUF =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final FakeContext context = FakeContext.builder()
            .allMetrics(() -> List.of(new Metric(
                    "sallyport.rate_limit.refused",
                    "Requests over the limit.",
                    "",
                    Metric.Kind.COUNTER,
                    List.of(new Metric.Value(
                            Attributes.builder().put("route", "orders").build(), 3)))))
            .build();

    @AfterEach
    void close() {
        context.close();
    }

    private Exporter exporter(Form form, int series, int consumers, boolean steps) {
        return context.createExporter(
                new PrometheusFactory(), PrometheusConfigTest.config(form, series, consumers, steps));
    }

    private static Request request(FakeExchange exchange, String method) {
        return Requests.of(method, "/orders/7").exchange(exchange).build();
    }

    private static Completion completion(int status, long millis) {
        return new Completion(status, 10, 2_000, Duration.ofMillis(millis), Completion.Outcome.COMPLETED, null);
    }

    private static void exchange(Exporter exporter, FakeExchange exchange, String method, int status, long millis) {
        begin(exporter, request(exchange, method)).ended(completion(status, millis));
    }

    private static ExchangeObserver begin(Exporter exporter, Request request) {
        return Objects.requireNonNull(exporter.begins(request));
    }

    private static String page(Exporter exporter, @Nullable String accept) {
        return new String(bytes(exporter, accept), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Exporter exporter, @Nullable String accept) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Objects.requireNonNull(exporter.metricsPage(accept)).content().writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    @Test
    void countsExchangesByRouteMethodAndStatus() {
        Exporter exporter = exporter(Form.CLASSIC, 100, 0, false);
        FakeExchange orders = FakeExchange.builder().route("orders").build();

        exchange(exporter, orders, "GET", 200, 5);
        exchange(exporter, orders, "GET", 200, 50);
        exchange(exporter, orders, "POST", 503, 500);

        assertThat(page(exporter, null)).contains("""
            # TYPE sallyport_request_duration_seconds histogram
            sallyport_request_duration_seconds_bucket{method="GET",route="orders",status="200",le="0.01"} 1
            sallyport_request_duration_seconds_bucket{method="GET",route="orders",status="200",le="0.1"} 2
            sallyport_request_duration_seconds_bucket{method="GET",route="orders",status="200",le="+Inf"} 2
            sallyport_request_duration_seconds_count{method="GET",route="orders",status="200"} 2
            sallyport_request_duration_seconds_sum{method="GET",route="orders",status="200"} 0.055
            sallyport_request_duration_seconds_bucket{method="POST",route="orders",status="503",le="0.01"} 0
            """);
        assertThat(page(exporter, null))
                .contains("sallyport_response_body_bytes_sum{route=\"orders\"} 6000.0")
                .contains("sallyport_request_body_bytes_bucket{route=\"orders\",le=\"256.0\"} 3");
    }

    @Test
    void whatTheGatewayAndItsStepsCountStandsOnTheSamePage() {
        assertThat(page(exporter(Form.BOTH, 100, 0, false), null))
                .contains("sallyport_rate_limit_refused_total{route=\"orders\"} 3.0");
    }

    @Test
    void countsTriesAtTargetsAndTheTimeInSteps() {
        Exporter exporter = exporter(Form.CLASSIC, 100, 0, true);
        FakeExchange exchange = FakeExchange.builder().route("orders").build();
        ExchangeObserver observer = begin(exporter, request(exchange, "GET"));
        Attempt attempt = new Attempt(1, "shop", URI.create("http://127.0.0.1:1"));

        assertThat(observer.observesSteps()).isTrue();
        observer.stepLeft(
                new StepInfo("orders", "limit", "rate-limit", "1.0.0"),
                ExchangeObserver.Verdict.PASSED,
                null,
                20_000_000);
        observer.attemptBegins(attempt, request(exchange, "GET"));
        observer.attemptEnded(attempt, 0, new IOException("refused"));
        observer.attemptBegins(attempt, request(exchange, "GET"));
        observer.attemptEnded(attempt, 204, null);

        assertThat(page(exporter, null))
                .contains(
                        "sallyport_step_duration_seconds_sum{route=\"orders\",step=\"limit\",type=\"rate-limit\"} 0.02")
                .contains("sallyport_attempt_duration_seconds_count{status=\"none\",upstream=\"shop\"} 1")
                .contains("sallyport_attempt_duration_seconds_count{status=\"2xx\",upstream=\"shop\"} 1");
    }

    @Test
    void aTracedRequestIsTheExemplarOfItsBucket() {
        for (Form form : Form.values()) {
            Exporter exporter = exporter(form, 100, 0, false);
            FakeExchange traced = FakeExchange.builder().route("orders").build();
            traced.put(TraceContext.OF_EXCHANGE, new TraceContext(TRACE, "b7ad6b7169203331", true));
            FakeExchange unsampled = FakeExchange.builder().route("orders").build();
            unsampled.put(TraceContext.OF_EXCHANGE, new TraceContext("1".repeat(32), "1".repeat(16), false));

            exchange(exporter, traced, "GET", 200, 50);
            exchange(exporter, unsampled, "GET", 200, 50);

            if (form != Form.NATIVE) {
                assertThat(page(exporter, OPEN_METRICS))
                        .contains("le=\"0.1\"} 2 # {span_id=\"b7ad6b7169203331\",trace_id=\"" + TRACE + "\"} 0.05 ")
                        .doesNotContain("1".repeat(32));
            }
            assertThat(new String(bytes(exporter, PROTOBUF), StandardCharsets.ISO_8859_1))
                    .contains(TRACE);
        }
    }

    @Test
    void nativeHistogramsGoToReadersOfProtobuf() throws IOException {
        Exporter exporter = exporter(Form.NATIVE, 100, 0, false);
        exchange(exporter, FakeExchange.builder().route("orders").build(), "GET", 200, 50);

        assertThat(Objects.requireNonNull(exporter.metricsPage(PROTOBUF)).contentType())
                .isEqualTo(
                        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited");
        assertThat(page(exporter, null))
                .contains("sallyport_request_duration_seconds_count{method=\"GET\",route=\"orders\",status=\"200\"} 1");
    }

    @Test
    void aMillionMethodsPathsAndConsumersAreAFewSeries() {
        Exporter exporter = exporter(Form.BOTH, 50, 10, false);

        for (int i = 0; i < 1_000_000; i++) {
            FakeExchange exchange = FakeExchange.builder()
                    .route(null)
                    .consumer(new Consumer("c" + i))
                    .build();
            begin(exporter, Requests.of("M" + i, "/p" + i).exchange(exchange).build())
                    .ended(completion(200 + i % 500, 1));
        }

        String page = page(exporter, null);
        assertThat(page.lines().filter(line -> line.startsWith("sallyport_request_duration_seconds_count")))
                .hasSize(51)
                .anyMatch(line -> line.contains("{method=\"other\",route=\"other\",status=\"other\"}"));
        assertThat(page.lines().filter(line -> line.startsWith("sallyport_consumer_requests_total")))
                .hasSizeBetween(11, 11 * 5)
                .anyMatch(line -> line.contains("{consumer=\"other\",status=\"2xx\"}"));
        assertThat(page).contains("sallyport_prometheus_over_limit_total 900000.0");
    }

    @Test
    void whatNothingUsesForLongIsNoLongerShown() {
        Recorder recorder = new Recorder(
                new PrometheusConfig(
                        Form.CLASSIC, List.of(Duration.ofSeconds(1)), true, false, false, 0, 10, Duration.ofNanos(1)),
                context.clock());
        FakeExchange gone = FakeExchange.builder().route("gone").build();
        recorder.exchange(request(gone, "GET"), completion(200, 1));
        assertThat(recorder.snapshots()).hasSize(4);

        recorder.forget();

        assertThat(recorder.snapshots())
                .singleElement()
                .satisfies(
                        left -> assertThat(left.getMetadata().getName()).isEqualTo("sallyport_prometheus_over_limit"));
    }
}
