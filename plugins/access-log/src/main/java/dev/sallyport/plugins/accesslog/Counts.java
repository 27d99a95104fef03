package dev.sallyport.plugins.accesslog;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/** What has become of the lines of one step. */
final class Counts {

    private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

    /** Why a line is dropped. */
    enum Reason {
        /** Too much waited already. */
        FULL,
        /** The destination failed. */
        FAILED,
        /** The destination was stuck when the step was closed. */
        CLOSED
    }

    private final LongCounter written;
    private final LongCounter dropped;
    private final Map<Reason, Attributes> reasons = new EnumMap<>(Reason.class);

    /** @param waiting how many characters wait for the destination */
    Counts(Meter meter, LongSupplier waiting) {
        for (Reason reason : Reason.values()) {
            reasons.put(reason, Attributes.of(REASON, reason.name().toLowerCase(Locale.ROOT)));
        }
        written = meter.counterBuilder("sallyport.access_log.written")
                .setDescription("Lines that were handed to the destination.")
                .build();
        dropped = meter.counterBuilder("sallyport.access_log.dropped")
                .setDescription("Lines that were lost, by reason: full, failed or closed.")
                .build();
        meter.gaugeBuilder("sallyport.access_log.queue")
                .ofLongs()
                .setDescription("Characters that wait for the destination, of all steps that share it.")
                .buildWithCallback(gauge -> gauge.record(waiting.getAsLong()));
    }

    void written() {
        written.add(1);
    }

    void dropped(Reason reason) {
        dropped.add(1, reasons.getOrDefault(reason, Attributes.empty()));
    }
}
