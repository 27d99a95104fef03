package dev.sallyport.plugins.elk;

import dev.sallyport.api.FilterContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** A pipeline's metrics, told by one of the steps that share it. */
final class Metrics {

    private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

    private Metrics() {}

    static void register(FilterContext context, Pipeline pipeline) {
        Object step = new Object();
        Speaker speaker = pipeline.speaker();
        speaker.join(step);
        context.onClose((AutoCloseable) () -> speaker.leave(step));
        Meter meter = context.meter();
        counter(meter, "taken", "Records that were taken.", step, pipeline, tally -> tally.taken.sum());
        counter(meter, "sent", "Records that have arrived.", step, pipeline, tally -> tally.sent.sum());
        counter(
                meter,
                "sent_before",
                "Records that were sent again and had arrived before.",
                step,
                pipeline,
                tally -> tally.before.sum());
        counter(meter, "retried", "Records that are sent again.", step, pipeline, tally -> tally.retried.sum());
        counter(
                meter,
                "rejected",
                "Records that were refused for ever.",
                step,
                pipeline,
                tally -> tally.rejected.sum());
        counter(
                meter,
                "perhaps_double",
                "Records that may be there twice.",
                step,
                pipeline,
                tally -> tally.perhapsDouble.sum());
        meter.counterBuilder("sallyport.elk.dropped")
                .setDescription("Records that were dropped, by reason.")
                .buildWithCallback(counter -> {
                    if (speaker.is(step)) {
                        for (Tally.Reason reason : Tally.Reason.values()) {
                            counter.record(
                                    pipeline.tally().dropped(reason),
                                    Attributes.of(REASON, reason.name().toLowerCase(Locale.ROOT)));
                        }
                    }
                });
        gauge(meter, "queue_bytes", "Bytes in memory.", step, pipeline, Pipeline::queueBytes);
        gauge(meter, "spool_bytes", "Bytes on disk.", step, pipeline, Pipeline::spoolBytes);
        gauge(
                meter,
                "reachable",
                "Whether records arrive: 1, or 0 while they are tried again.",
                step,
                pipeline,
                each -> each.trouble() == null ? 1 : 0);
    }

    private static void counter(
            Meter meter, String name, String doc, Object step, Pipeline pipeline, ToLongFunction<Tally> value) {
        meter.counterBuilder("sallyport.elk." + name).setDescription(doc).buildWithCallback(counter -> {
            if (pipeline.speaker().is(step)) {
                counter.record(value.applyAsLong(pipeline.tally()));
            }
        });
    }

    private static void gauge(
            Meter meter, String name, String doc, Object step, Pipeline pipeline, ToLongFunction<Pipeline> value) {
        meter.gaugeBuilder("sallyport.elk." + name)
                .ofLongs()
                .setDescription(doc)
                .buildWithCallback(gauge -> {
                    if (pipeline.speaker().is(step)) {
                        gauge.record(value.applyAsLong(pipeline));
                    }
                });
    }
}
