package dev.sallyport.kernel.trace;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange met. It holds texts and numbers only, secrets masked: nothing of a plugin or a generation.
 *
 * @param id the request id
 * @param at when the exchange began, to the microsecond
 * @param once the id of the one-off header that asked for it; null where something else did
 * @param route null where none took the request
 * @param consumer null where nobody authenticated
 * @param status what the client got
 * @param json all of it, on one line
 */
public record Trace(
        String id,
        Instant at,
        @Nullable String once,
        @Nullable String route,
        @Nullable String consumer,
        int status,
        String json) {}
