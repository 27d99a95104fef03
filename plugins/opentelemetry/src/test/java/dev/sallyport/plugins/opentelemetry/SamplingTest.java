package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Keep;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Propagation;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.math.BigInteger;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which exchanges are told, and what those behind the gateway hear of that. */
final class SamplingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String UNSAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-00";

    /** How many spans of others were told before one that surely is. */
    private static long told(Run run) {
        String last = "f".repeat(32);
        run.pass(Run.trusted("traceparent", "00-" + last + "-00f067aa0ba902b7-01"), 200);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> run.receiver.spans.stream()
                        .anyMatch(span -> OtlpReceiver.hex(span.getTraceId()).equals(last)));
        return run.receiver.spans.size() - 2;
    }

    @Test
    void allAreToldWithRatio1() {
        try (Run run = new Run(configs -> {})) {
            for (int i = 0; i < 50; i++) {
                run.pass(Run.stranger(), 200);
            }
            assertThat(run.spans(100)).hasSize(100);
        }
    }

    @Test
    void noneAreToldWithRatio0AndTargetsHearOfThat() {
        try (Run run = new Run(configs -> configs.ratio = 0)) {
            assertThat(run.pass(Run.stranger(), 200).header("traceparent")).endsWith("-00");
            assertThat(told(run)).isZero();
        }
    }

    @Test
    void aShareIsToldWithARatioBetween() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0.25;
            configs.queue = 100_000;
        })) {
            int sampled = 0;
            for (int i = 0; i < 4_000; i++) {
                String sent = run.pass(Run.stranger(), 200).header("traceparent");
                sampled += sent.endsWith("-01") ? 1 : 0;
            }
            assertThat(sampled).isBetween(800, 1_200);
            assertThat(run.spans(sampled * 2)).hasSize(sampled * 2);
        }
    }

    @Test
    void theSameTraceIsJudgedTheSameEverywhere() {
        try (Run one = new Run(configs -> {
                    configs.ratio = 0.5;
                    configs.parent = false;
                });
                Run other = new Run(configs -> {
                    configs.ratio = 0.5;
                    configs.parent = false;
                })) {
            for (int i = 0; i < 100; i++) {
                String parent = "00-%032x-00f067aa0ba902b7-01".formatted(new BigInteger(120, new Random(i)));
                assertThat(one.pass(Run.trusted("traceparent", parent), 200).header("traceparent"))
                        .endsWith(other.pass(Run.trusted("traceparent", parent), 200)
                                .header("traceparent")
                                .substring(53));
            }
        }
    }

    @Test
    void aTrustedParentDecidesWhateverTheRatioIs() {
        try (Run run = new Run(configs -> configs.ratio = 0)) {
            assertThat(run.pass(Run.trusted("traceparent", SAMPLED), 200).header("traceparent"))
                    .endsWith("-01");
            assertThat(run.spans(2)).hasSize(2);
        }
        try (Run run = new Run(configs -> {})) {
            assertThat(run.pass(Run.trusted("traceparent", UNSAMPLED), 200).header("traceparent"))
                    .endsWith("-00");
            assertThat(told(run)).isZero();
        }
    }

    @Test
    void itDoesNotWhereTheConfigurationSaysSo() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.parent = false;
        })) {
            assertThat(run.pass(Run.trusted("traceparent", SAMPLED), 200).header("traceparent"))
                    .contains(TRACE)
                    .endsWith("-00");
        }
    }

    @Test
    void errorsAreKeptThoughNotSampled() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.keep = new Keep(true, null);
        })) {
            run.pass(Run.stranger(), 200);
            run.pass(Run.stranger(), 404);
            String sent = run.pass(Run.stranger(), 503).header("traceparent");
            assertThat(sent).endsWith("-00");
            run.pass(
                    Run.stranger(),
                    200,
                    new Completion(200, 0, 0, Duration.ZERO, Outcome.FAILED, "the upstream broke"));
            assertThat(run.spans(4)).hasSize(4);
            assertThat(run.receiver.spans)
                    .anySatisfy(span -> assertThat(sent)
                            .contains(OtlpReceiver.hex(span.getTraceId()), OtlpReceiver.hex(span.getSpanId())));
            assertThat(told(run)).isEqualTo(4);
        }
    }

    @Test
    void slowOnesAreKeptThoughNotSampled() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.keep = new Keep(false, Duration.ofSeconds(1));
        })) {
            run.pass(Run.stranger(), 200, Run.completed(200, Duration.ofMillis(1_000)));
            run.pass(Run.stranger(), 503, Run.completed(503, Duration.ofMillis(999)));
            run.pass(Run.stranger(), 200, Run.completed(200, Duration.ofMillis(1_001)));
            assertThat(run.spans(2)).hasSize(2);
            assertThat(told(run)).isEqualTo(2);
        }
    }

    @Test
    void aTunnelIsNotSlow() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.keep = new Keep(false, Duration.ofSeconds(1));
        })) {
            run.pass(
                    Requests.get("/ws")
                            .exchange(FakeExchange.create())
                            .upgrade("websocket")
                            .build(),
                    101,
                    Run.completed(101, Duration.ofHours(1)));
            assertThat(told(run)).isZero();
        }
    }

    @Test
    void whatIsNeitherSampledNorMayBeKeptIsNotRecorded() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.steps = true;
        })) {
            ExchangeObserver observer = run.exporter.begins(Run.stranger());
            assertThat(observer.observesSteps()).isFalse();
        }
    }

    @Test
    void nothingIsObservedWhereOnlyLogsAreSent() {
        try (Run run = new Run(configs -> configs.signals = EnumSet.of(Signal.LOGS))) {
            Request request = Run.stranger();
            assertThat(run.exporter.begins(request)).isNull();
        }
    }

    @Test
    void b3DecidesWithoutATraceToo() {
        try (Run run = new Run(configs -> configs.propagation = List.of(Propagation.TRACECONTEXT, Propagation.B3))) {
            assertThat(run.pass(Run.trusted("b3", "0"), 200).header("traceparent"))
                    .endsWith("-00");
            assertThat(run.pass(Run.trusted("X-B3-Sampled", "0"), 200).header("traceparent"))
                    .endsWith("-00");
            assertThat(run.pass(Run.stranger("b3", "0"), 200).header("traceparent"))
                    .endsWith("-01");
        }
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.propagation = List.of(Propagation.TRACECONTEXT, Propagation.B3_MULTI);
        })) {
            assertThat(run.pass(Run.trusted("X-B3-Flags", "1"), 200).header("traceparent"))
                    .endsWith("-01");
        }
    }

    @Test
    void whoAsksForATunnelAndGetsNoneIsSlowAsOthersAre() {
        try (Run run = new Run(configs -> {
            configs.ratio = 0;
            configs.keep = new Keep(false, Duration.ofSeconds(1));
        })) {
            run.pass(
                    Requests.get("/ws")
                            .exchange(FakeExchange.create())
                            .upgrade("websocket")
                            .build(),
                    200,
                    Run.completed(200, Duration.ofHours(1)));
            assertThat(run.spans(2)).hasSize(2);
        }
    }
}
