package dev.sallyport.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an exchange ended: what is known only after its last byte.
 *
 * @param status the status that was written; 499 where the client left before any was
 * @param requestBytes bytes of the request body that were read
 * @param responseBytes bytes of the response body that were written
 * @param duration from the request's head to the last byte of the response
 * @param outcome whether it came to its end
 * @param failure in one sentence, why it did not; null where it did
 */
public record Completion(
        int status,
        long requestBytes,
        long responseBytes,
        Duration duration,
        Outcome outcome,
        @Nullable String failure) {

    /** Where whoever evaluates expressions of what has ended leaves it, see {@link dev.sallyport.api.config.Sight#COMPLETION}. */
    public static final Attribute<Completion> OF_EXCHANGE = Attribute.of("completion", Completion.class);

    /** The ways in which an exchange ends. */
    public enum Outcome {
        /** The whole response was written. */
        COMPLETED,
        /** The client went away first. */
        CLIENT_GONE,
        /** The response broke off after its head had been written. */
        FAILED
    }
}
