package dev.sallyport.plugins.opentelemetry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a collector says to a message (https://opentelemetry.io/docs/specs/otlp/). */
sealed interface Answer {

    /**
     * It took the message.
     *
     * @param rejected how many items of it it did not take (partial success)
     * @param message why, or a warning; null where it says nothing
     */
    record Taken(long rejected, @Nullable String message) implements Answer {}

    /**
     * It did not.
     *
     * @param again whether the same may be tried again later
     * @param after not before that; null where it does not say
     * @param reason in a few words; no secrets
     */
    record Refused(boolean again, @Nullable Duration after, String reason) implements Answer {}
}
