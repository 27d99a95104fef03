package dev.sallyport.api;

import dev.sallyport.api.config.Rate;
import java.time.Duration;

/** How much may be taken, and how that is counted: for {@link Store#take}. Immutable. */
public sealed interface Limit {

    /**
     * A token bucket (the generic cell rate algorithm of ITU-T I.371): holds at most {@code burst} tokens, fills evenly
     * with {@code rate}, and starts full.
     *
     * @param rate how fast it fills; another one than before counts from now on
     * @param burst the most it holds; at least 1; a smaller one than before counts at once, a larger one is filled up
     */
    record Bucket(Rate rate, long burst) implements Limit {

        /** Checks the bounds. */
        public Bucket {
            atLeastOne("burst", burst);
        }
    }

    /**
     * A window with a begin and an end, such as a minute or a calendar month, told by the caller: a later one begins at
     * nothing; an earlier one, by a clock that is behind, counts with the latest.
     *
     * @param amount the most in it; at least 1
     * @param start when it began, in milliseconds since 1970: by that windows are told apart
     * @param left how long until it ends; above zero
     */
    record Window(long amount, long start, Duration left) implements Limit {

        /** Checks the bounds. */
        public Window {
            atLeastOne("amount", amount);
            aboveZero("left", left);
        }
    }

    /**
     * A window that slides, by two counters: what was taken in the fixed window before counts for as much of it as the
     * sliding one still covers, as if it had come evenly. Takes no memory to speak of, and is off by as much as it did not.
     *
     * @param amount the most in it; at least 1
     * @param window how long it is; another one than before starts anew
     */
    record Sliding(long amount, Duration window) implements Limit {

        /** Checks the bounds. */
        public Sliding {
            atLeastOne("amount", amount);
            aboveZero("window", window);
        }
    }

    /**
     * A window that slides, exactly: every take is remembered until the window has left it.
     *
     * @param amount the most in it; at least 1; that many times 16 bytes are kept for each key
     * @param window how long it is; another one than before starts anew
     */
    record Log(long amount, Duration window) implements Limit {

        /** Checks the bounds. */
        public Log {
            atLeastOne("amount", amount);
            aboveZero("window", window);
        }
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
        }
    }

    private static void aboveZero(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: above zero)");
        }
    }
}
