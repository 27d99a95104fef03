package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** Counts what the service does itself: spans, log records and points of metrics. Thread-safe. */
final class Counts {

    private static final AttributeKey<String> SIGNAL = AttributeKey.stringKey("signal");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

    /** Why something was not sent. */
    enum Reason {
        /** So much waits already. */
        QUEUE_FULL,
        /** The collector could not be reached, or asked for time, too often. */
        AWAY,
        /** The collector refused the message it was in. */
        REFUSED,
        /** The collector took the message, but not this of it. */
        REJECTED,
        /** It could not be made, or was no message that can be sent. */
        FAILED,
        /** The service was closed, and its time ran out. */
        CLOSED,
        /** The exchange had as many spans as it may have. */
        TOO_MANY
    }

    private final Map<Signal, IntSupplier> waiting = new ConcurrentHashMap<>();
    private final LongCounter sent;
    private final LongCounter dropped;
    private final Map<Signal, LongAdder> allDropped = new ConcurrentHashMap<>();

    Counts(Meter meter) {
        sent = meter.counterBuilder("sallyport.opentelemetry.sent")
                .setDescription("Spans, log records and points of metrics that the collector took.")
                .build();
        dropped = meter.counterBuilder("sallyport.opentelemetry.dropped")
                .setDescription("Spans, log records and points of metrics that it did not get.")
                .build();
        var _ = meter.gaugeBuilder("sallyport.opentelemetry.waiting")
                .ofLongs()
                .setDescription("Spans and log records that wait to be sent.")
                .buildWithCallback(to -> waiting.forEach(
                        (signal, count) -> to.record(count.getAsInt(), Attributes.of(SIGNAL, name(signal)))));
    }

    /** From now on it is told how many of a signal wait. */
    void waiting(Signal signal, IntSupplier count) {
        waiting.put(signal, count);
    }

    void sent(Signal signal, long items) {
        if (items > 0) {
            sent.add(items, Attributes.of(SIGNAL, name(signal)), Context.root());
        }
    }

    void dropped(Signal signal, Reason reason, long items) {
        if (items > 0) {
            allDropped.computeIfAbsent(signal, first -> new LongAdder()).add(items);
            dropped.add(
                    items,
                    Attributes.of(
                            SIGNAL,
                            name(signal),
                            REASON,
                            reason.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                    Context.root());
        }
    }

    /** How much of a signal was dropped so far, for all reasons. */
    long dropped(Signal signal) {
        LongAdder count = allDropped.get(signal);
        return count == null ? 0 : count.sum();
    }

    static String name(Signal signal) {
        return signal.name().toLowerCase(Locale.ROOT);
    }
}
