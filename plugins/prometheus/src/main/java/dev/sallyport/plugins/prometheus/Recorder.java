package dev.sallyport.plugins.prometheus;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.api.telemetry.TraceContext;
import dev.sallyport.plugins.prometheus.PrometheusConfig.Form;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is counted of exchanges. Thread-safe. */
final class Recorder {

    private static final double NANOS = 1e9;
    private static final double[] BYTES = {256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};

    /** RFC 9110, RFC 5789, and what caches commonly know; another one may be anything that a client likes. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PURGE");

    private static final int CLASSES = 6;

    /** More than that is no histogram of a gateway, but takes its memory. */
    private static final int MOST_NATIVE_BUCKETS = 160;

    private final Bounded<Histogram> exchanges;
    private final Bounded<Histogram> requestBytes;
    private final Bounded<Histogram> responseBytes;
    private final Bounded<Histogram> attempts;
    private final Bounded<Histogram> steps;
    private final Bounded<Counter> consumers;
    private final Counter over = counter(
            "sallyport_prometheus_over_limit_total",
            "Values that were counted as other, since a metric has as many combinations of labels as it may.");
    private final int mostConsumers;

    /** The consumers that are counted by name. */
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    private final @Nullable LastTraces traces;

    /** @param clock for exemplars */
    Recorder(PrometheusConfig config, Clock clock) {
        double[] seconds = config.buckets().stream()
                .mapToDouble(bound -> bound.toNanos() / NANOS)
                .toArray();
        traces = config.exemplars() ? new LastTraces(seconds, clock) : null;
        exchanges = bounded(
                config,
                histogram(config.histograms(), seconds)
                        .name("sallyport_request_duration_seconds")
                        .help("Requests, and how long they took to the last byte of the response.")
                        .labelNames("route", "method", "status")
                        .build());
        requestBytes = bounded(
                config,
                histogram(config.histograms(), BYTES)
                        .name("sallyport_request_body_bytes")
                        .help("Bytes of request bodies that were read.")
                        .labelNames("route")
                        .build());
        responseBytes = bounded(
                config,
                histogram(config.histograms(), BYTES)
                        .name("sallyport_response_body_bytes")
                        .help("Bytes of response bodies that were written.")
                        .labelNames("route")
                        .build());
        attempts = bounded(
                config,
                histogram(config.histograms(), seconds)
                        .name("sallyport_attempt_duration_seconds")
                        .help("Tries at targets, and how long they took to the head of the response; status is none"
                                + " where there was none.")
                        .labelNames("upstream", "status")
                        .build());
        steps = bounded(
                config,
                histogram(config.histograms(), seconds)
                        .name("sallyport_step_duration_seconds")
                        .help("How long requests stayed in a step, without what comes after it.")
                        .labelNames("route", "step", "type")
                        .build());
        consumers = new Bounded<>(
                counter("sallyport_consumer_requests_total", "Requests of consumers.", "consumer", "status"),
                (config.consumers() + 1) * CLASSES,
                config.forget(),
                over);
        mostConsumers = config.consumers();
    }

    private Bounded<Histogram> bounded(PrometheusConfig config, Histogram histogram) {
        return new Bounded<>(histogram, config.series(), config.forget(), over);
    }

    private static Counter counter(String name, String help, String... labels) {
        Counter.Builder builder = Counter.builder().name(name).help(help).labelNames(labels);
        var _ = builder.withoutExemplars();
        return builder.build();
    }

    /** Without the client's own exemplars, which a thread of its own looks after that never ends. */
    private static Histogram.Builder histogram(Form form, double[] bounds) {
        Histogram.Builder builder = Histogram.builder();
        var _ = builder.withoutExemplars();
        return switch (form) {
            case CLASSIC -> builder.classicOnly().classicUpperBounds(bounds);
            case NATIVE -> builder.nativeOnly().nativeMaxNumberOfBuckets(MOST_NATIVE_BUCKETS);
            case BOTH -> builder.classicUpperBounds(bounds).nativeMaxNumberOfBuckets(MOST_NATIVE_BUCKETS);
        };
    }

    /** An exchange is over. */
    void exchange(Request request, Completion completion) {
        Exchange exchange = request.exchange();
        String route = exchange.route() == null ? "none" : exchange.route();
        String method = METHODS.contains(request.method()) ? request.method() : "other";
        double took = completion.duration().toNanos() / NANOS;
        List<String> labels = exchanges.use(
                List.of(route, method, Integer.toString(completion.status())),
                (histogram, values) -> histogram.labelValues(values).observe(took));
        requestBytes.use(
                List.of(route),
                (histogram, values) -> histogram.labelValues(values).observe((double) completion.requestBytes()));
        responseBytes.use(
                List.of(route),
                (histogram, values) -> histogram.labelValues(values).observe((double) completion.responseBytes()));
        TraceContext trace = traces == null ? null : exchange.get(TraceContext.OF_EXCHANGE);
        if (traces != null && trace != null && trace.sampled()) {
            traces.put(labels, took, trace);
        }
        Consumer consumer = mostConsumers > 0 ? exchange.consumer() : null;
        if (consumer != null) {
            String name = consumer.name();
            // As with combinations, a few more than the bound do no harm.
            boolean counted = named.contains(name) || (named.size() < mostConsumers && named.add(name));
            consumers.use(
                    List.of(counted ? name : Bounded.OTHER, completion.status() / 100 + "xx"),
                    (counter, values) -> counter.labelValues(values).inc());
        }
    }

    /**
     * A try at a target is over.
     *
     * @param status 0 where there was no response
     */
    void attempt(Attempt attempt, int status, long nanos) {
        attempts.use(
                List.of(attempt.upstream(), status == 0 ? "none" : status / 100 + "xx"),
                (histogram, values) -> histogram.labelValues(values).observe(nanos / NANOS));
    }

    /** A request has left a step. */
    void step(StepInfo step, long nanos) {
        steps.use(
                List.of(step.place(), step.id(), step.type()),
                (histogram, values) -> histogram.labelValues(values).observe(nanos / NANOS));
    }

    /** Lets go of what no request has used for long. */
    void forget() {
        for (Bounded<?> each : all()) {
            List<List<String>> forgotten = each.forget();
            if (traces != null && each == exchanges) {
                traces.remove(forgotten);
            }
        }
        Set<String> left = consumers.labels().stream().map(List::getFirst).collect(Collectors.toSet());
        named.removeIf(name -> !left.contains(name));
    }

    private List<Bounded<?>> all() {
        return List.of(exchanges, requestBytes, responseBytes, attempts, steps, consumers);
    }

    /** All that was counted, as it is now. */
    List<MetricSnapshot> snapshots() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        for (Bounded<?> each : all()) {
            MetricSnapshot snapshot = each.metric().collect();
            if (!snapshot.getDataPoints().isEmpty()) {
                snapshots.add(traces != null && each == exchanges ? traces.addTo(snapshot) : snapshot);
            }
        }
        snapshots.add(over.collect());
        return snapshots;
    }
}
