package dev.sallyport.plugins.prometheus;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.plugins.prometheus.PrometheusConfig.Form;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What counting one exchange costs, with an attempt and two steps: printed. */
@Tag("proof")
final class CostTest {

    private static final StepInfo STEP = new StepInfo("orders", "limit", "rate-limit", "1.0.0");
    private static final Attempt ATTEMPT = new Attempt(1, "shop", URI.create("http://127.0.0.1:9001"));

    @Test
    void ofOneExchange() {
        for (Form form : Form.values()) {
            cost(form, false);
            cost(form, true);
        }
    }

    private static void cost(Form form, boolean steps) {
        try (FakeContext context = FakeContext.create()) {
            Exporter exporter = context.createExporter(
                    new PrometheusFactory(), PrometheusConfigTest.config(form, 20_000, 0, steps));
            Request request = Requests.get("/orders/7")
                    .exchange(FakeExchange.builder().route("orders").build())
                    .build();
            int turns = 200_000;
            for (int round = 0; round < 5; round++) {
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int i = 0; i < turns; i++) {
                    ExchangeObserver observer = Objects.requireNonNull(exporter.begins(request));
                    if (observer.observesSteps()) {
                        for (int step = 0; step < 2; step++) {
                            observer.stepEntered(STEP);
                            observer.stepLeft(STEP, ExchangeObserver.Verdict.PASSED, null, 1_000 + i);
                        }
                    }
                    observer.attemptBegins(ATTEMPT, request);
                    observer.attemptEnded(ATTEMPT, 200, null);
                    observer.ended(new Completion(
                            200, 0, i, Duration.ofNanos(100_000L + i), Completion.Outcome.COMPLETED, null));
                }
                System.out.printf(
                        "%s%s: %.2f µs of processor time%n",
                        form,
                        steps ? " with two steps" : "",
                        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / turns);
            }
        }
    }
}
