package dev.sallyport.plugins.prometheus;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.StepInfo;
import org.jspecify.annotations.Nullable;

/** Records what each exchange takes, and writes the page of metrics. Thread-safe. */
final class PrometheusExporter implements Exporter {

    private final PrometheusConfig config;
    private final Recorder recorder;
    private final Page page;

    PrometheusExporter(PrometheusConfig config, Recorder recorder, Page page) {
        this.config = config;
        this.recorder = recorder;
        this.page = page;
    }

    @Override
    public ExchangeObserver begins(Request request) {
        return new Observed(request);
    }

    @Override
    public MetricsPage metricsPage(@Nullable String accept) {
        return page.in(accept);
    }

    /** One exchange. */
    private final class Observed implements ExchangeObserver {

        private final Request request;
        private long attemptBegan;

        Observed(Request request) {
            this.request = request;
        }

        @Override
        public boolean observesSteps() {
            return config.steps();
        }

        @Override
        public void stepLeft(StepInfo step, Verdict verdict, @Nullable Throwable failure, long selfNanos) {
            recorder.step(step, selfNanos);
        }

        @Override
        public Request attemptBegins(Attempt attempt, Request sent) {
            attemptBegan = System.nanoTime();
            return sent;
        }

        @Override
        public void attemptEnded(Attempt attempt, int status, @Nullable Throwable failure) {
            recorder.attempt(attempt, status, System.nanoTime() - attemptBegan);
        }

        @Override
        public void ended(Completion completion) {
            recorder.exchange(request, completion);
        }
    }
}
