package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.telemetry.ExchangeObserver.Verdict;
import dev.sallyport.api.telemetry.StepInfo;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.context.Context;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the semantic conventions for HTTP, and of steps. What clients choose freely is in none of their attributes:
 * methods are known ones, routes the configuration's, statuses three digits. Thread-safe.
 */
final class HttpMetrics {

    private static final double NANOS = 1e9;

    /** What the conventions advise. */
    private static final List<Double> SECONDS =
            List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

    private static final List<Double> STEP_SECONDS =
            List.of(0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1.0, 10.0);

    private static final List<Long> BYTES =
            List.of(0L, 128L, 1_024L, 8_192L, 65_536L, 524_288L, 4_194_304L, 33_554_432L, 268_435_456L);

    private record Server(
            String method,
            String scheme,
            @Nullable String route,
            int status,
            String version,
            @Nullable String error) {}

    private record Client(
            String method,
            String upstream,
            URI target,
            String shown,
            int status,
            @Nullable String error) {}

    private record Stepped(StepInfo step, Verdict verdict) {}

    private record Active(String method, String scheme) {}

    private final Methods methods;
    private final OpenTelemetryConfig.Metrics config;
    private final Map<Active, LongAdder> active = new ConcurrentHashMap<>();
    private volatile Instruments instruments;

    /** What counts, and the series that it has. */
    private static final class Instruments {
        private final DoubleHistogram serverSeconds;
        private final LongHistogram requestBytes;
        private final LongHistogram responseBytes;
        private final DoubleHistogram clientSeconds;
        private final DoubleHistogram stepSeconds;
        private final Series<Server> servers;
        private final Series<Client> clients;
        private final Series<Stepped> steps;

        Instruments(Meter meter, int series) {
            int most = series - 1; // one more is for what comes beyond
            servers = new Series<>(most, HttpMetrics::attributes);
            clients = new Series<>(most, HttpMetrics::attributes);
            steps = new Series<>(most, HttpMetrics::attributes);
            serverSeconds =
                    seconds(meter, "http.server.request.duration", "Duration of HTTP server requests.", SECONDS);
            requestBytes = bytes(meter, "http.server.request.body.size", "Size of HTTP server request bodies.");
            responseBytes = bytes(meter, "http.server.response.body.size", "Size of HTTP server response bodies.");
            clientSeconds =
                    seconds(meter, "http.client.request.duration", "Duration of HTTP client requests.", SECONDS);
            stepSeconds = seconds(
                    meter, "sallyport.step.duration", "The time in a step, without what comes after it.", STEP_SECONDS);
        }
    }

    HttpMetrics(Meter meter, Methods methods, OpenTelemetryConfig.Metrics config) {
        this.methods = methods;
        this.config = config;
        instruments = instruments(meter);
    }

    private Instruments instruments(Meter meter) {
        var _ = meter.upDownCounterBuilder("http.server.active_requests")
                .setDescription("Number of active HTTP server requests.")
                .setUnit("{request}")
                .buildWithCallback(this::tellActive);
        return new Instruments(meter, config.series());
    }

    /** Whether there is no room for further series: of targets and routes that are gone, maybe. */
    boolean isFull() {
        Instruments now = instruments;
        return now.servers.isFull() || now.clients.isFull() || now.steps.isFull();
    }

    /** Counts with another meter from now on, and begins with no series. */
    void renew(Meter meter) {
        instruments = instruments(meter);
    }

    private static DoubleHistogram seconds(Meter meter, String name, String description, List<Double> bounds) {
        return meter.histogramBuilder(name)
                .setDescription(description)
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(bounds)
                .build();
    }

    private static LongHistogram bytes(Meter meter, String name, String description) {
        return meter.histogramBuilder(name)
                .ofLongs()
                .setDescription(description)
                .setUnit("By")
                .setExplicitBucketBoundariesAdvice(BYTES)
                .build();
    }

    private void tellActive(ObservableLongMeasurement to) {
        active.forEach((key, count) ->
                to.record(count.sum(), Attributes.of(Keys.METHOD, key.method(), Keys.URL_SCHEME, key.scheme())));
    }

    /** A request has begun; what is returned counts it, and is to be decremented when it ends. */
    LongAdder begins(String method, String scheme) {
        LongAdder count = active.computeIfAbsent(new Active(methods.told(method), scheme), first -> new LongAdder());
        count.increment();
        return count;
    }

    /**
     * A request has ended.
     *
     * @param span of the exchange, where it is sent; else null
     */
    void ended(String method, Exchange exchange, Completion completion, @Nullable SpanContext span) {
        Instruments to = instruments;
        Attributes attributes = to.servers.of(new Server(
                methods.told(method),
                exchange.scheme(),
                Told.route(exchange),
                ErrorTypes.status(completion),
                Told.version(exchange.protocol()),
                ErrorTypes.of(completion)));
        // Not the current context: to ask for it would give each virtual thread a map of thread locals.
        Context context = context(span);
        to.serverSeconds.record(completion.duration().toNanos() / NANOS, attributes, context);
        to.requestBytes.record(completion.requestBytes(), attributes, context);
        to.responseBytes.record(completion.responseBytes(), attributes, context);
    }

    void attemptEnded(
            String method,
            Attempt attempt,
            int status,
            @Nullable Throwable failure,
            long nanos,
            @Nullable SpanContext span) {
        String error = failure != null ? Piece.errorType(failure) : status >= 400 ? Integer.toString(status) : null;
        Client series =
                new Client(methods.told(method), attempt.upstream(), attempt.target(), attempt.shown(), status, error);
        Instruments to = instruments;
        to.clientSeconds.record(nanos / NANOS, to.clients.of(series), context(span));
    }

    void stepLeft(StepInfo step, Verdict verdict, long selfNanos) {
        Instruments to = instruments;
        to.stepSeconds.record(selfNanos / NANOS, to.steps.of(new Stepped(step, verdict)), Context.root());
    }

    private Context context(@Nullable SpanContext span) {
        if (!config.exemplars() || span == null) {
            return Context.root();
        }
        SpanContext sampled = span.isSampled()
                ? span
                : SpanContext.create(
                        span.getTraceId(), span.getSpanId(), TraceFlags.getSampled(), span.getTraceState());
        return Context.root().with(Span.wrap(sampled));
    }

    private static Attributes attributes(Server series) {
        AttributesBuilder attributes = Attributes.builder()
                .put(Keys.METHOD, series.method())
                .put(Keys.URL_SCHEME, series.scheme())
                .put(Keys.PROTOCOL_VERSION, series.version());
        put(attributes, Keys.ROUTE, series.route());
        if (series.status() > 0) {
            attributes.put(Keys.STATUS, (long) series.status());
        }
        put(attributes, Keys.ERROR_TYPE, series.error());
        return attributes.build();
    }

    private static Attributes attributes(Client series) {
        Target to = Target.of(new Attempt(1, series.upstream(), series.target(), series.shown()));
        AttributesBuilder attributes = Attributes.builder()
                .put(Keys.METHOD, series.method())
                .put(Keys.SERVER_ADDRESS, to.address())
                .put(Keys.SERVER_PORT, (long) to.port())
                .put(Keys.UPSTREAM, series.upstream());
        if (series.status() > 0) {
            attributes.put(Keys.STATUS, (long) series.status());
        }
        put(attributes, Keys.ERROR_TYPE, series.error());
        return attributes.build();
    }

    private static Attributes attributes(Stepped series) {
        StepInfo step = series.step();
        AttributesBuilder attributes = Attributes.builder()
                .put(Keys.STEP_PLACE, step.place())
                .put(Keys.STEP_ID, step.id())
                .put(Keys.STEP_TYPE, step.type())
                .put(Keys.STEP_VERDICT, series.verdict().name().toLowerCase(Locale.ROOT));
        put(attributes, Keys.STEP_VERSION, step.version());
        return attributes.build();
    }

    private static void put(AttributesBuilder attributes, AttributeKey<String> key, @Nullable String value) {
        if (value != null) {
            attributes.put(key, value);
        }
    }
}
