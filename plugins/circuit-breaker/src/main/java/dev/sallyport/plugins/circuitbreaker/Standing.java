package dev.sallyport.plugins.circuitbreaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a circuit stands, as it is told to others: closed, open until then, or forced. One that is half open is one whose time
 * to be open is over.
 *
 * @param state {@code CLOSED}, {@code OPEN}, {@code FORCED_OPEN} or {@code METRICS_ONLY}
 * @param until until when it is open, in milliseconds of the epoch; 0 in other states
 */
record Standing(State state, long until) {

    static final Standing CLOSED = new Standing(State.CLOSED, 0);

    static Standing of(State state, Instant openUntil) {
        return switch (state) {
            case OPEN, HALF_OPEN -> new Standing(State.OPEN, openUntil.toEpochMilli());
            case FORCED_OPEN, METRICS_ONLY -> new Standing(state, 0);
            case CLOSED, DISABLED -> CLOSED;
        };
    }

    /** What people have said; closed where they leave it to the calls. */
    static Standing of(@Nullable Forced forced) {
        return switch (forced) {
            case OPEN -> new Standing(State.FORCED_OPEN, 0);
            case CLOSED -> new Standing(State.METRICS_ONLY, 0);
            case null -> CLOSED;
        };
    }

    /** Reads the written form; null where it is none. */
    static @Nullable Standing parse(String text) {
        try {
            return switch (text) {
                case "closed" -> CLOSED;
                case "forced-open" -> of(Forced.OPEN);
                case "forced-closed" -> of(Forced.CLOSED);
                default -> text.startsWith("open ") ? open(Long.parseLong(text.substring(5))) : null;
            };
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    private static Standing open(long until) {
        return new Standing(State.OPEN, Instant.ofEpochMilli(until).toEpochMilli());
    }

    /** What people have said, where it is that. */
    @Nullable
    Forced forced() {
        return switch (state) {
            case FORCED_OPEN -> Forced.OPEN;
            case METRICS_ONLY -> Forced.CLOSED;
            default -> null;
        };
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    Instant openUntil() {
        return Instant.ofEpochMilli(until);
    }

    /** The written form. */
    @Override
    public String toString() {
        return state == State.OPEN ? "open " + until : Breaker.word(state);
    }
}
