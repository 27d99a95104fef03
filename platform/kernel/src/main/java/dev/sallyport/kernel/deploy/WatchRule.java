package dev.sallyport.kernel.deploy;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a change is watched, and how much worse its routes may do before it is taken back.
 *
 * @param window how long
 * @param maxErrors by how many points the share of errors, in a hundred, may rise
 * @param maxLatency how many times as long as before the slowest hundredth of answers may take
 */
public record WatchRule(Duration window, double maxErrors, double maxLatency) {

    /** How many requests it takes to judge. */
    static final int ENOUGH = 20;

    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(s|m|h)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?)%");
    private static final Pattern FACTOR = Pattern.compile("(\\d{1,4}(?:\\.\\d{1,3})?)x");
    private static final Duration LONGEST = Duration.ofHours(24);

    /**
     * Reads what a caller says.
     *
     * @param errors such as {@code 5%}; null for that
     * @param latency such as {@code 2x}; null for that
     * @throws IllegalArgumentException saying what is wrong
     */
    public static WatchRule of(String window, @Nullable String errors, @Nullable String latency) {
        Matcher time = match(TIME, window, "watch", "a time such as 2m");
        long amount = Long.parseLong(time.group(1));
        Duration duration = switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
        if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("watch: " + window + " (expected: from 1s to 24h)");
        }
        double points = Double.parseDouble(match(PERCENT, errors == null ? "5%" : errors, "maxErrors", "such as 5%")
                .group(1));
        double times = Double.parseDouble(match(FACTOR, latency == null ? "2x" : latency, "maxLatency", "such as 2x")
                .group(1));
        if (times < 1) {
            throw new IllegalArgumentException("maxLatency: " + latency + " (expected: 1x or more)");
        }
        return new WatchRule(duration, points, times);
    }

    private static Matcher match(Pattern pattern, String text, String name, String expected) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(name + ": " + text + " (expected: " + expected + ")");
        }
        return matcher;
    }
}
