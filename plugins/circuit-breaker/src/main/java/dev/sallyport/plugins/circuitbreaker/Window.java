package dev.sallyport.plugins.circuitbreaker;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which calls a breaker looks back on: the last so many, written {@code 100}, or those of the last time, written
 * {@code 30s} or {@code 5m}.
 *
 * @param unit of what the size is
 * @param size calls or seconds
 */
public record Window(Unit unit, int size) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})([sm]?)");
    private static final int MOST_CALLS = 100_000;
    private static final int MOST_SECONDS = 3_600;

    /** What a window is measured in. */
    public enum Unit {
        CALLS,
        SECONDS
    }

    public Window {
        int most = unit == Unit.CALLS ? MOST_CALLS : MOST_SECONDS;
        if (size < 1 || size > most) {
            throw new IllegalArgumentException(
                    size + (unit == Unit.CALLS ? " (expected: 1 to 100000 calls)" : "s (expected: 1s to 60m)"));
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Window parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    text + " (expected: a number of calls such as 100, or a time in whole seconds such as 30s)");
        }
        int number = Integer.parseInt(form.group(1));
        return switch (form.group(2)) {
            case "s" -> new Window(Unit.SECONDS, number);
            case "m" -> new Window(Unit.SECONDS, number * 60);
            default -> new Window(Unit.CALLS, number);
        };
    }

    /** How long a call is in it; null where that is for as long as it is among the last. */
    @Nullable
    Duration time() {
        return unit == Unit.SECONDS ? Duration.ofSeconds(size) : null;
    }

    /** The written form. */
    @Override
    public String toString() {
        return unit == Unit.CALLS ? Integer.toString(size) : size + "s";
    }
}
