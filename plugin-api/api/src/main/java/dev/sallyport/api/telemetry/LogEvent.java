package dev.sallyport.api.telemetry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record of the gateway's own log, which its levels have let through. Immutable.
 *
 * @param at when it was logged
 * @param level how much it matters
 * @param logger the logger's name: a part of the gateway, or a step's type
 * @param thread the name of the thread that logged it
 * @param message the text, complete
 * @param thrown the stack trace of what was thrown, as text; null where nothing was
 */
public record LogEvent(
        Instant at,
        Level level,
        String logger,
        String thread,
        String message,
        @Nullable String thrown) {

    /** How much a record matters. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }
}
