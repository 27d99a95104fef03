package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Exporter;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.ExchangeObserver.Verdict;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Keep;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Protocol;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an exchange with three steps and one attempt costs the thread that serves it: printed, for docs/proofs/opentelemetry.md. */
@Tag("proof")
final class CostTest {

    private static final StepInfo[] STEPS = {
        new StepInfo("orders", "key-auth", "key-auth", "0.1.0"),
        new StepInfo("orders", "rate-limit", "rate-limit", "0.1.0"),
        new StepInfo("orders", "headers", "headers", "0.1.0")
    };

    @Test
    void ofEachChoice() {
        all(); // so that the first ones are not the compiler's
        System.out.println("and once more:");
        all();
    }

    private static void all() {
        cost("logs only (nothing is observed)", configs -> configs.signals = EnumSet.of(Signal.LOGS));
        cost("metrics only", configs -> configs.signals = EnumSet.of(Signal.METRICS));
        cost("metrics with steps", configs -> {
            configs.signals = EnumSet.of(Signal.METRICS);
            configs.measuresSteps = true;
        });
        cost("traces, not sampled", configs -> {
            configs.signals = EnumSet.of(Signal.TRACES);
            configs.ratio = 0;
        });
        cost("traces, not sampled, slow ones kept", configs -> {
            configs.signals = EnumSet.of(Signal.TRACES);
            configs.ratio = 0;
            configs.keep = new Keep(true, Duration.ofSeconds(1));
        });
        cost("traces, sampled", configs -> configs.signals = EnumSet.of(Signal.TRACES));
        cost("traces, sampled, with steps", configs -> {
            configs.signals = EnumSet.of(Signal.TRACES);
            configs.steps = true;
        });
        cost("traces, sampled, and metrics, with steps", configs -> {
            configs.signals = EnumSet.of(Signal.TRACES, Signal.METRICS);
            configs.steps = true;
            configs.measuresSteps = true;
        });
    }

    private static void cost(String what, Consumer<Configs> change) {
        try (OtlpReceiver receiver = OtlpReceiver.http();
                FakeContext context = FakeContext.create()) {
            Configs configs = Configs.to(receiver, Protocol.HTTP);
            configs.interval = Duration.ofSeconds(60);
            change.accept(configs);
            Exporter exporter = context.createExporter(new OpenTelemetryFactory(), configs.make());
            int turns = 20_000;
            double best = Double.MAX_VALUE;
            for (int round = 0; round < 12; round++) {
                Request[] requests = new Request[turns];
                for (int i = 0; i < turns; i++) {
                    requests[i] = Requests.get("/orders/7?x=1")
                            .exchange(FakeExchange.builder()
                                    .route("orders")
                                    .matchedPath("/orders/{id}")
                                    .build())
                            .header("host", "api.example.com")
                            .header("user-agent", "curl/8")
                            .header("accept", "*/*")
                            .build();
                }
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (Request request : requests) {
                    pass(exporter, request);
                }
                double nanos =
                        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / (double) turns;
                best = Math.min(best, nanos);
            }
            assertThat(best).isPositive();
            System.out.printf("%s: %.2f µs of processor time%n", what, best / 1e3);
        }
    }

    private static void pass(Exporter exporter, Request request) {
        ExchangeObserver observer = exporter.begins(request);
        if (observer == null) {
            return;
        }
        boolean steps = observer.observesSteps();
        if (steps) {
            for (StepInfo step : STEPS) {
                observer.stepEntered(step);
            }
        }
        observer.attemptBegins(Run.attempt(1), observer.received(request));
        observer.attemptEnded(Run.attempt(1), 200, null);
        if (steps) {
            for (StepInfo step : STEPS) {
                observer.stepLeft(step, Verdict.PASSED, null, 1_000);
            }
        }
        observer.ended(Run.completed(200));
    }
}
