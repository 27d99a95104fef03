package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Request;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.ExchangeObserver.Verdict;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Histograms;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Temporality;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is measured, judged by the published conventions. */
final class MetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Metric last(Run run, String name, Predicate<Metric> when) {
        await().atMost(PATIENCE)
                .until(() -> !run.receiver.named(name).isEmpty()
                        && when.test(run.receiver.named(name).getLast()));
        return run.receiver.named(name).getLast();
    }

    private static long count(Metric metric) {
        return metric.getHistogram().getDataPointsList().stream()
                .mapToLong(HistogramDataPoint::getCount)
                .sum();
    }

    @Test
    void durationsAndSizesOfRequests() {
        try (Run run = new Run(configs -> {})) {
            FakeExchange.Builder exchange =
                    FakeExchange.builder().route("orders").matchedPath("/orders/{id}");
            run.pass(Run.request(exchange.build()), 200);
            run.pass(Run.request(exchange.build()), 200);
            run.pass(Run.request(exchange.build()), 503);
            Metric seconds = last(run, "http.server.request.duration", metric -> count(metric) == 3);
            Conventions.assertKeeps(seconds);
            HistogramDataPoint two = seconds.getHistogram().getDataPointsList().stream()
                    .filter(point -> point.getCount() == 2)
                    .findFirst()
                    .orElseThrow();
            assertThat(OtlpReceiver.attributes(two.getAttributesList()))
                    .isEqualTo(Map.of(
                            "http.request.method", "GET",
                            "url.scheme", "http",
                            "http.route", "/orders/{id}",
                            "http.response.status_code", 200L,
                            "network.protocol.version", "1.1"));
            assertThat(two.getSum()).isEqualTo(0.01);
            for (String name : List.of("http.server.request.body.size", "http.server.response.body.size")) {
                Metric bytes = last(run, name, metric -> count(metric) == 3);
                Conventions.assertKeeps(bytes);
            }
        }
    }

    @Test
    void durationsNameATraceThatIsTold() {
        try (Run run = new Run(configs -> {})) {
            run.pass(Run.stranger(), 200);
            Metric seconds = last(
                    run,
                    "http.server.request.duration",
                    metric -> count(metric) == 1
                            && metric.getHistogram().getDataPoints(0).getExemplarsCount() == 1);
            assertThat(seconds.getHistogram().getDataPoints(0).getExemplars(0).getTraceId())
                    .isEqualTo(run.server().getTraceId());
            assertThat(seconds.getHistogram().getDataPoints(0).getExemplars(0).getSpanId())
                    .isEqualTo(run.server().getSpanId());
        }
    }

    @Test
    void durationsNameNoTraceThatIsNotTold() {
        try (Run run = new Run(configs -> configs.ratio = 0)) {
            run.pass(Run.stranger(), 200);
            Metric seconds = last(run, "http.server.request.duration", metric -> count(metric) == 1);
            assertThat(seconds.getHistogram().getDataPoints(0).getExemplarsCount())
                    .isZero();
        }
    }

    @Test
    void requestsUnderWayAreCounted() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            Metric one = last(
                    run,
                    "http.server.active_requests",
                    metric -> metric.getSum().getDataPoints(0).getAsInt() == 1);
            Conventions.assertKeeps(one);
            observer.ended(Run.completed(200));
            last(
                    run,
                    "http.server.active_requests",
                    metric -> metric.getSum().getDataPoints(0).getAsInt() == 0);
        }
    }

    @Test
    void durationsOfAttempts() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            observer.attemptBegins(Run.attempt(1), request);
            observer.attemptEnded(Run.attempt(1), 0, new UpstreamException(Kind.CONNECT_TIMEOUT, "late", null));
            observer.attemptBegins(Run.attempt(2), request);
            observer.attemptEnded(Run.attempt(2), 200, null);
            observer.ended(Run.completed(200));
            Metric seconds = last(run, "http.client.request.duration", metric -> count(metric) == 2);
            Conventions.assertKeeps(seconds);
            assertThat(Conventions.attributes(seconds).stream().map(OtlpReceiver::attributes))
                    .anySatisfy(point -> assertThat(point).containsEntry("error.type", "connect_timeout"))
                    .anySatisfy(point -> assertThat(point)
                            .containsEntry("http.response.status_code", 200L)
                            .containsEntry("sallyport.upstream", "orders"));
        }
    }

    @Test
    void timeInStepsWhereItIsAskedFor() {
        try (Run run = new Run(configs -> configs.measuresSteps = true)) {
            StepInfo step = new StepInfo("orders", "limit", "rate-limit", "0.1.0");
            ExchangeObserver observer = run.exporter.begins(Run.stranger());
            assertThat(observer.observesSteps()).isTrue();
            observer.stepEntered(step);
            observer.stepLeft(step, Verdict.ANSWERED, null, 30_000);
            observer.ended(Run.completed(429));
            Metric seconds = last(run, "sallyport.step.duration", metric -> count(metric) == 1);
            assertThat(OtlpReceiver.attributes(
                            seconds.getHistogram().getDataPoints(0).getAttributesList()))
                    .containsEntry("sallyport.step.id", "limit")
                    .containsEntry("sallyport.step.verdict", "answered");
            assertThat(seconds.getHistogram().getDataPoints(0).getSum()).isEqualTo(0.00003);
        }
    }

    @Test
    void theJavaRuntimeTellsItsOwn() {
        try (Run run = new Run(configs -> configs.jvm = true)) {
            System.gc();
            Set<String> expected = Conventions.facts("metric").stream()
                    .map(fact -> fact[1])
                    .filter(name -> name.startsWith("jvm."))
                    .collect(Collectors.toSet());
            await().atMost(PATIENCE).untilAsserted(() -> {
                System.gc();
                assertThat(run.receiver.metrics.stream().map(Metric::getName)).containsAll(expected);
            });
            run.receiver.metrics.stream()
                    .filter(metric -> metric.getName().startsWith("jvm."))
                    .forEach(Conventions::assertKeeps);
        }
    }

    @Test
    void histogramsMayBeExponential() {
        try (Run run = new Run(configs -> configs.histograms = Histograms.EXPONENTIAL)) {
            run.pass(Run.stranger(), 200);
            Metric seconds = last(run, "http.server.request.duration", Metric::hasExponentialHistogram);
            Conventions.assertKeeps(seconds);
            assertThat(seconds.getExponentialHistogram().getDataPoints(0).getCount())
                    .isEqualTo(1);
        }
    }

    @Test
    void sumsMayBeToldSinceTheLastTime() {
        try (Run run = new Run(configs -> configs.temporality = Temporality.DELTA)) {
            run.pass(Run.stranger(), 200);
            last(run, "http.server.request.duration", metric -> count(metric) == 1);
            run.pass(Run.stranger(), 200);
            await().atMost(PATIENCE)
                    .until(() -> run.receiver.named("http.server.request.duration").stream()
                                    .mapToLong(MetricsTest::count)
                                    .sum()
                            == 2);
            assertThat(run.receiver.named("http.server.request.duration"))
                    .allSatisfy(metric -> assertThat(metric.getHistogram().getAggregationTemporality())
                            .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA));
        }
    }

    private static dev.sallyport.api.telemetry.Metric counter(double value) {
        return new dev.sallyport.api.telemetry.Metric(
                "sallyport.rate_limit.refused",
                "Refused.",
                "",
                dev.sallyport.api.telemetry.Metric.Kind.COUNTER,
                List.of(new dev.sallyport.api.telemetry.Metric.Value(
                        Attributes.builder().put("route", "a").build(), value)));
    }

    private static double sum(Metric metric) {
        return metric.getSum().getDataPointsList().stream()
                .mapToDouble(NumberDataPoint::getAsDouble)
                .sum();
    }

    @Test
    void theGatewaysOwnAreToldToo() {
        AtomicReference<List<dev.sallyport.api.telemetry.Metric>> all = new AtomicReference<>(List.of(
                counter(3),
                new dev.sallyport.api.telemetry.Metric(
                        "sallyport.upstream.targets",
                        "Targets.",
                        "",
                        dev.sallyport.api.telemetry.Metric.Kind.GAUGE,
                        List.of(new dev.sallyport.api.telemetry.Metric.Value(Attributes.empty(), 2))),
                new dev.sallyport.api.telemetry.Metric(
                        "sallyport.exchange.duration",
                        "Exchanges.",
                        "s",
                        dev.sallyport.api.telemetry.Metric.Kind.HISTOGRAM,
                        List.of(new dev.sallyport.api.telemetry.Metric.Histogram(
                                Attributes.empty(), 3, 0.5, List.of(0.1, 1.0), List.of(1L, 2L, 0L))))));
        try (Run run = new Run(
                configs -> {},
                FakeContext.builder().step("traces").allMetrics(all::get).build())) {
            Metric refused = last(run, "sallyport.rate_limit.refused", metric -> sum(metric) == 3);
            assertThat(refused.getSum().getIsMonotonic()).isTrue();
            assertThat(refused.getUnit()).isEqualTo("1");
            assertThat(last(run, "sallyport.upstream.targets", Metric::hasGauge)
                            .getGauge()
                            .getDataPoints(0)
                            .getAsDouble())
                    .isEqualTo(2);
            HistogramDataPoint seconds = last(run, "sallyport.exchange.duration", Metric::hasHistogram)
                    .getHistogram()
                    .getDataPoints(0);
            assertThat(seconds.getBucketCountsList()).containsExactly(1L, 2L, 0L);
            assertThat(seconds.getCount()).isEqualTo(3);
            long start = refused.getSum().getDataPoints(0).getStartTimeUnixNano();

            all.set(List.of(counter(5)));
            Metric more = last(run, "sallyport.rate_limit.refused", metric -> sum(metric) == 5);
            assertThat(more.getSum().getDataPoints(0).getStartTimeUnixNano()).isEqualTo(start);

            all.set(List.of(counter(1))); // what counted was made anew
            Metric anew = last(run, "sallyport.rate_limit.refused", metric -> sum(metric) == 1);
            assertThat(anew.getSum().getDataPoints(0).getStartTimeUnixNano()).isGreaterThan(start);
        }
    }

    @Test
    void theGatewaysOwnMayBeToldSinceTheLastTime() {
        AtomicReference<List<dev.sallyport.api.telemetry.Metric>> all = new AtomicReference<>(List.of(counter(3)));
        try (Run run = new Run(
                configs -> configs.temporality = Temporality.DELTA,
                FakeContext.builder().step("traces").allMetrics(all::get).build())) {
            last(run, "sallyport.rate_limit.refused", metric -> sum(metric) == 0); // 3 were there before
            all.set(List.of(counter(10)));
            await().atMost(PATIENCE)
                    .until(() -> run.receiver.named("sallyport.rate_limit.refused").stream()
                                    .mapToDouble(MetricsTest::sum)
                                    .sum()
                            == 7);
        }
    }

    @Test
    void whatClientsMakeUpMakesNoSeries() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.interval = Duration.ofSeconds(1);
        })) {
            for (int i = 0; i < 100_000; i++) {
                Request request = Requests.of("M" + i, "/path/" + i)
                        .exchange(FakeExchange.builder()
                                .route("all")
                                .matchedPath("/**")
                                .build())
                        .header("host", "host-" + i + ".example")
                        .build();
                run.pass(request, 200);
            }
            Metric seconds = last(run, "http.server.request.duration", metric -> count(metric) == 100_000);
            assertThat(seconds.getHistogram().getDataPointsList()).hasSize(1);
            assertThat(last(run, "http.server.active_requests", Metric::hasSum)
                            .getSum()
                            .getDataPointsList())
                    .hasSize(1);
            assertThat(last(run, "http.client.request.duration", metric -> count(metric) == 100_000)
                            .getHistogram()
                            .getDataPointsList())
                    .hasSize(1);
        }
    }

    @Test
    void seriesAreBoundedWhateverMakesThem() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.series = 50;
        })) {
            for (int i = 0; i < 1_000; i++) {
                run.pass(
                        Run.request(FakeExchange.builder()
                                .route("r" + i)
                                .matchedPath("/r" + i)
                                .build()),
                        200);
            }
            Predicate<Metric> overflows = metric -> Conventions.attributes(metric).stream()
                    .anyMatch(point -> OtlpReceiver.attributes(point).containsKey("otel.metric.overflow"));
            await().atMost(PATIENCE)
                    .until(() -> run.receiver.named("http.server.request.duration").stream()
                            .anyMatch(overflows));
            assertThat(run.receiver.named("http.server.request.duration"))
                    .allSatisfy(metric -> assertThat(metric.getHistogram().getDataPointsCount())
                            .isLessThanOrEqualTo(50));
        }
    }

    @Test
    void whatWasCountedBeforeTheServiceWasMadeIsNoDelta() {
        AtomicReference<List<dev.sallyport.api.telemetry.Metric>> all = new AtomicReference<>(List.of(counter(1_000)));
        try (Run run = new Run(
                configs -> configs.temporality = Temporality.DELTA,
                FakeContext.builder().step("traces").allMetrics(all::get).build())) {
            last(run, "sallyport.rate_limit.refused", metric -> sum(metric) == 0);
            assertThat(run.receiver.named("sallyport.rate_limit.refused"))
                    .allSatisfy(metric -> assertThat(sum(metric)).isZero());
        }
    }

    @Test
    void targetsThatAreGoneMakeRoomForOthers() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.series = 20;
        })) {
            for (int i = 0; i < 100; i++) {
                attempt(run, 10_000 + i);
            }
            await().atMost(PATIENCE).until(() -> {
                attempt(run, 9_999);
                return run.receiver.named("http.client.request.duration").stream()
                        .flatMap(metric -> Conventions.attributes(metric).stream())
                        .anyMatch(point -> Long.valueOf(9_999)
                                .equals(OtlpReceiver.attributes(point).get("server.port")));
            });
        }
    }

    private static void attempt(Run run, int port) {
        Attempt attempt = new Attempt(1, "orders", URI.create("http://127.0.0.1:" + port));
        Request request = Run.stranger();
        ExchangeObserver observer = run.exporter.begins(request);
        observer.attemptBegins(attempt, request);
        observer.attemptEnded(attempt, 200, null);
        observer.ended(Run.completed(200));
    }

    @Test
    void durationsOfAttemptsNameTheirOwnSpan() {
        try (Run run = new Run(configs -> {})) {
            run.pass(Run.stranger(), 200);
            Metric seconds = last(
                    run,
                    "http.client.request.duration",
                    metric -> metric.getHistogram().getDataPoints(0).getExemplarsCount() == 1);
            assertThat(run.spans(2))
                    .filteredOn(span -> span.getSpanId()
                            .equals(seconds.getHistogram()
                                    .getDataPoints(0)
                                    .getExemplars(0)
                                    .getSpanId()))
                    .singleElement()
                    .matches(span -> span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT);
        }
    }

    @Test
    void aFaultInBetweenLeavesNothingBehind() {
        try (Run run = new Run(configs -> configs.measuresSteps = true)) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            observer.stepLeft(null, Verdict.PASSED, null, 1);
            observer.ended(Run.completed(200));
            last(
                    run,
                    "http.server.active_requests",
                    metric -> metric.getSum().getDataPoints(0).getAsInt() == 0);
            assertThat(((OpenTelemetryExporter) run.exporter).contexts().size()).isZero();
            assertThat(run.context.log()).anyMatch(line -> line.contains("could not be told whole"));
        }
    }
}
