package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.StepInfo;
import io.opentelemetry.api.trace.SpanContext;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Hears of one exchange, for its trace and for metrics. */
final class ObservedExchange implements ExchangeObserver {

    private final OpenTelemetryExporter exporter;
    private final Request request;
    private final @Nullable ExchangeTrace trace;
    private final @Nullable HttpMetrics metrics;
    private final @Nullable LongAdder active;
    private final long beginNanos = System.nanoTime();
    private final long threadId = Thread.currentThread().threadId();
    private long attemptNanos;
    private String attemptMethod = "";
    private @Nullable Headers responseHeaders;

    ObservedExchange(
            OpenTelemetryExporter exporter,
            Request request,
            @Nullable ExchangeTrace trace,
            @Nullable HttpMetrics metrics) {
        this.exporter = exporter;
        this.request = request;
        this.trace = trace;
        this.metrics = metrics;
        active = metrics == null
                ? null
                : metrics.begins(request.method(), request.exchange().scheme());
    }

    @Override
    public boolean observesSteps() {
        OpenTelemetryConfig config = exporter.config();
        return (trace != null && trace.records() && config.traces().steps())
                || (metrics != null && config.metrics().steps());
    }

    /** A fault of its own must not end its hearing: the end takes back what the begin has counted. */
    private void safely(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            exporter.failed(e);
        }
    }

    @Override
    public Request received(Request received) {
        try {
            return trace == null ? received : trace.received(received);
        } catch (RuntimeException e) {
            exporter.failed(e);
            return received;
        }
    }

    @Override
    public void stepEntered(StepInfo step) {
        if (trace != null && exporter.config().traces().steps()) {
            safely(() -> trace.stepEntered(step));
        }
    }

    @Override
    public void stepLeft(StepInfo step, Verdict verdict, @Nullable Throwable failure, long selfNanos) {
        if (trace != null && exporter.config().traces().steps()) {
            safely(() -> trace.stepLeft(verdict, failure, selfNanos));
        }
        if (metrics != null && exporter.config().metrics().steps()) {
            safely(() -> metrics.stepLeft(step, verdict, selfNanos));
        }
    }

    @Override
    public void noted(String name, Object value) {
        if (trace != null) {
            safely(() -> trace.noted(name, value));
        }
    }

    @Override
    public Request attemptBegins(Attempt attempt, Request sent) {
        attemptNanos = System.nanoTime();
        attemptMethod = sent.method();
        try {
            return trace == null ? sent : trace.attemptBegins(attempt, sent);
        } catch (RuntimeException e) {
            exporter.failed(e);
            return sent;
        }
    }

    @Override
    public void attemptEnded(Attempt attempt, int status, @Nullable Throwable failure) {
        safely(() -> {
            SpanContext span = trace == null ? null : trace.attemptEnded(status, failure);
            if (metrics != null) {
                metrics.attemptEnded(
                        attemptMethod,
                        attempt,
                        status,
                        failure,
                        System.nanoTime() - attemptNanos,
                        span != null && span.isSampled() ? span : null);
            }
        });
    }

    @Override
    public void answered(Response response) {
        if (trace != null
                && trace.records()
                && !exporter.config().traces().responseHeaders().isEmpty()) {
            responseHeaders = response.headers();
        }
    }

    @Override
    public void ended(Completion completion) {
        try {
            tell(completion);
        } catch (RuntimeException e) {
            exporter.failed(e);
        } finally {
            if (active != null) {
                active.decrement();
            }
            if (trace != null) {
                exporter.contexts().end(threadId, trace.own());
            }
        }
    }

    private void tell(Completion completion) {
        boolean kept = trace != null && trace.isKept(request, completion);
        if (metrics != null) {
            metrics.ended(request.method(), request.exchange(), completion, kept && trace != null ? trace.own() : null);
        }
        if (kept && trace != null) {
            exporter.send(
                    trace,
                    EndedExchange.of(
                            trace,
                            request,
                            responseHeaders,
                            beginNanos,
                            completion,
                            exporter.redaction(),
                            exporter.config().traces()));
        }
    }
}
