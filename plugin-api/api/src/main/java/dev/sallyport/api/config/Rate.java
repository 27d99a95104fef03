package dev.sallyport.api.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many in a time, written {@code 100/s}, {@code 5/10s}, {@code 1000/m}, {@code 20000/1h}.
 *
 * @param amount 1 or more
 * @param per the time, above zero
 */
public record Rate(long amount, Duration per) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15})/(\\d{0,9})(ms|s|m|h|d)");
    private static final Map<Duration, String> ONES = Map.of(
            Duration.ofSeconds(1), "s", Duration.ofMinutes(1), "m", Duration.ofHours(1), "h", Duration.ofDays(1), "d");

    public Rate {
        if (amount < 1 || per.isZero() || per.isNegative()) {
            throw new IllegalArgumentException(amount + "/" + per + " (expected: 1 or more in a time above zero)");
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Rate parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(text + " (expected: a rate such as 100/s or 20/10m)");
        }
        long times = form.group(2).isEmpty() ? 1 : Long.parseLong(form.group(2));
        Duration per = switch (form.group(3)) {
            case "ms" -> Duration.ofMillis(times);
            case "s" -> Duration.ofSeconds(times);
            case "m" -> Duration.ofMinutes(times);
            case "h" -> Duration.ofHours(times);
            default -> Duration.ofDays(times);
        };
        long amount = Long.parseLong(form.group(1));
        if (amount == 0 || per.isZero()) {
            throw new IllegalArgumentException(text + " (expected: 1 or more in a time above zero)");
        }
        return new Rate(amount, per);
    }

    /** The written form. */
    @Override
    public String toString() {
        String time = per.toMillisPart() == 0 ? per.toSeconds() + "s" : per.toMillis() + "ms";
        return amount + "/" + ONES.getOrDefault(per, time);
    }
}
