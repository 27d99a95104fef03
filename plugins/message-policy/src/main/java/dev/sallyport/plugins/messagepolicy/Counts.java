package dev.sallyport.plugins.messagepolicy;

import static java.util.Objects.requireNonNull;

import dev.sallyport.api.FilterContext;
import dev.sallyport.api.message.Sender;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the step counts. Thread-safe. */
final class Counts {

    private static final AttributeKey<String> FROM = AttributeKey.stringKey("from");
    private static final AttributeKey<String> VERDICT = AttributeKey.stringKey("verdict");

    private final LongCounter messages;
    private final Map<Sender, Map<Verdict, Attributes>> attributes = new EnumMap<>(Sender.class);
    final LongAdder open = new LongAdder();
    final LongAdder breaches = new LongAdder();

    Counts(FilterContext context) {
        messages = context.meter()
                .counterBuilder("sallyport.message_policy.messages")
                .setDescription("Messages, by who sent them and what became of them")
                .build();
        for (Sender sender : Sender.values()) {
            Map<Verdict, Attributes> ofSender = new EnumMap<>(Verdict.class);
            for (Verdict verdict : Verdict.values()) {
                ofSender.put(
                        verdict, Attributes.of(FROM, sender.name().toLowerCase(Locale.ROOT), VERDICT, verdict.word()));
            }
            attributes.put(sender, ofSender);
        }
    }

    void add(Sender sender, Verdict verdict) {
        messages.add(1, requireNonNull(requireNonNull(attributes.get(sender)).get(verdict)));
        if (verdict != Verdict.PASSED && verdict != Verdict.CHANGED) {
            breaches.increment();
        }
    }
}
