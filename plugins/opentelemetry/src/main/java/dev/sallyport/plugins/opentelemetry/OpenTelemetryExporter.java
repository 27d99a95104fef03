package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Exporter;
import dev.sallyport.api.Request;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.LogEvent;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Protocol;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import io.opentelemetry.exporter.internal.otlp.logs.LogsRequestMarshaler;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Hears of exchanges and log records, and sends what is to be told of them. Thread-safe. */
final class OpenTelemetryExporter implements Exporter {

    private static final int MOST_LOGGERS = 1_000;

    /** What the libraries that send log of a record that is sent would be one more to send. */
    private static final List<String> OWN = List.of("okhttp3.", "io.opentelemetry.", "jdk.internal.httpclient");

    private final OpenTelemetryConfig config;
    private final Delivery delivery;
    private final Counts counts;
    private final Redaction redaction;
    private final String ownLog;
    private final System.Logger log;
    private final LogContexts contexts = new LogContexts();
    private final Map<String, InstrumentationScopeInfo> loggers = new ConcurrentHashMap<>();
    private final Set<String> faults = ConcurrentHashMap.newKeySet();
    private final @Nullable Traces traces;
    private final @Nullable HttpMetrics metrics;
    private final @Nullable Outbox<EndedExchange> spans;
    private final @Nullable Outbox<LogRecordData> logs;
    private final Resource resource;
    private final Senders senders;

    OpenTelemetryExporter(OpenTelemetryConfig config, ServiceContext context) {
        this.config = config;
        Collector collector = context.onClose(
                config.protocol() == Protocol.GRPC ? new GrpcCollector(config) : new HttpCollector(config));
        counts = new Counts(context.meter());
        log = context.logger();
        ownLog = log.getName();
        delivery = new Delivery(context.name(), collector, counts, log);
        senders = new Senders(delivery);
        redaction = new Redaction(config.traces().secretParameters());
        resource = Resources.of(config.resource(), context.dataFolder());
        InstrumentationScopeInfo scope = Resources.scope();
        Methods methods = new Methods(config.methods());
        if (config.sends(Signal.METRICS)) {
            MetricsSender sender =
                    context.onClose(new MetricsSender(config.metrics(), methods, context, resource, scope, delivery));
            metrics = sender.http();
            senders.add("otlp-metrics", sender::run, () -> {});
        } else {
            metrics = null;
        }
        if (config.sends(Signal.TRACES)) {
            traces = new Traces(config.traces());
            Spans made = new Spans(resource, scope, methods);
            spans = outbox(
                    Signal.TRACES,
                    EndedExchange::spans,
                    ended -> Messages.bytes(TraceRequestMarshaler.create(made.of(ended))));
        } else {
            traces = null;
            spans = null;
        }
        logs = config.sends(Signal.LOGS)
                ? outbox(Signal.LOGS, each -> 1, all -> Messages.bytes(LogsRequestMarshaler.create(all)))
                : null;
        context.onClose(senders);
        senders.start();
    }

    private <T> Outbox<T> outbox(Signal signal, ToIntFunction<T> weight, Function<List<T>, byte[]> packing) {
        Outbox<T> outbox = new Outbox<>(signal, config.queue(), weight, packing, delivery, counts);
        senders.add("otlp-" + signal.name().toLowerCase(Locale.ROOT), outbox::run, outbox::close);
        return outbox;
    }

    @Override
    public @Nullable ExchangeObserver begins(Request request) {
        ExchangeTrace trace = traces == null ? null : traces.begin(request);
        if (trace == null && metrics == null) {
            return null;
        }
        if (trace != null && logs != null) {
            contexts.begin(trace.own());
        }
        try {
            return new ObservedExchange(this, request, trace, metrics);
        } catch (RuntimeException e) {
            if (trace != null) {
                contexts.end(Thread.currentThread().threadId(), trace.own());
            }
            throw e;
        }
    }

    @Override
    public void logged(LogEvent event) {
        // What it says of its own sending, sent, would be more to say.
        if (logs != null && !event.logger().equals(ownLog) && OWN.stream().noneMatch(event.logger()::startsWith)) {
            logs.offer(SentLog.of(event, contexts.current(), resource, scope(event.logger())));
        }
    }

    /** One object for each logger: records are put together by it. */
    private InstrumentationScopeInfo scope(String logger) {
        return loggers.size() < MOST_LOGGERS
                ? loggers.computeIfAbsent(logger, InstrumentationScopeInfo::create)
                : loggers.getOrDefault(logger, InstrumentationScopeInfo.create(logger));
    }

    @Override
    public @Nullable String trouble() {
        return delivery.trouble();
    }

    /** A fault of this plugin itself: the first of a kind is logged. */
    void failed(RuntimeException e) {
        if (faults.add(e.getClass().getName()) && faults.size() < MOST_LOGGERS) {
            log.log(System.Logger.Level.WARNING, "an exchange could not be told whole", e);
        }
    }

    OpenTelemetryConfig config() {
        return config;
    }

    LogContexts contexts() {
        return contexts;
    }

    /** Sends the spans of an exchange that has ended. */
    void send(ExchangeTrace trace, EndedExchange ended) {
        if (spans != null) {
            counts.dropped(Signal.TRACES, Counts.Reason.TOO_MANY, trace.left());
            spans.offer(ended);
        }
    }

    Redaction redaction() {
        return redaction;
    }
}
