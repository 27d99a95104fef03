package dev.sallyport.plugins.analytics;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a question. */
record Given(Map<String, String> values, Instant now) {

    private static final long MINUTE = 60;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(36_525);
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    /**
     * A span of time.
     *
     * @param from its first minute, since 1970
     * @param to the one after its last
     */
    record Span(long from, long to) {
        long minutes() {
            return to - from;
        }

        /** From the beginning of the earlier to the end of the later one. */
        Span and(Span other) {
            return new Span(Math.min(from, other.from), Math.max(to, other.to));
        }

        Instant start() {
            return Instant.ofEpochSecond(from * MINUTE);
        }

        Instant end() {
            return Instant.ofEpochSecond(to * MINUTE);
        }
    }

    @Nullable
    String text(String name) {
        return values.get(name);
    }

    /** From the minute of {@code from}, or {@code last} before {@code to}, up to the end of the minute of {@code to}, or now. */
    Span span() {
        Instant to = instant("to");
        Instant from = instant("from");
        Duration last = duration("last");
        if (from != null && last != null) {
            throw new ConfigException("last", "beside from (expected: one of both); remove one");
        }
        long end = Math.ceilDiv((to == null ? now.plusMillis(1) : to).toEpochMilli(), MINUTE * 1000);
        long begin = from != null
                ? Math.floorDiv(from.getEpochSecond(), MINUTE)
                : end - Math.max(1, (last == null ? Duration.ofHours(1) : last).toMinutes());
        if (begin >= end) {
            throw new ConfigException("from", from + " (expected: before to)");
        }
        return new Span(begin, end);
    }

    private @Nullable Instant instant(String name) {
        String text = values.get(name);
        if (text == null) {
            return null;
        }
        Instant instant;
        try {
            instant = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new ConfigException(name, text + " (expected: a time with its offset, such as 2027-03-01T06:00:00Z)");
        }
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new ConfigException(name, text + " (expected: a time from 1970 to 9999)");
        }
        return instant;
    }

    private @Nullable Duration duration(String name) {
        String text = values.get(name);
        if (text == null) {
            return null;
        }
        Duration duration;
        try {
            duration = Durations.parse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConfigException(name, String.valueOf(e.getMessage()));
        }
        if (duration.compareTo(LONGEST) > 0) {
            throw new ConfigException(name, text + " (expected: at most " + LONGEST.toDays() + "d)");
        }
        return duration;
    }

    /** In minutes: a divisor or a multiple of a day; 0 where it is not given. */
    long every() {
        Duration every = duration("every");
        if (every == null) {
            return 0;
        }
        long minutes = every.toMinutes();
        boolean fits = minutes > 0
                && every.equals(Duration.ofMinutes(minutes))
                && (DAY.toMinutes() % minutes == 0 || minutes % DAY.toMinutes() == 0);
        if (!fits) {
            throw new ConfigException(
                    "every", values.get("every") + " (expected: whole minutes that divide a day, or days)");
        }
        return minutes;
    }

    int number(String name, int otherwise, int most) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[1-9]\\d{0,8}") || Integer.parseInt(text) > most) {
            throw new ConfigException(name, text + " (expected: 1 to " + most + ")");
        }
        return Integer.parseInt(text);
    }

    /** One of these words. */
    <E extends Enum<E>> E word(String name, Class<E> words, E otherwise) {
        String text = values.get(name);
        return text == null ? otherwise : of(name, text, words);
    }

    /** Some of these words, with commas between. */
    <E extends Enum<E>> Set<E> words(String name, Class<E> words) {
        Set<E> all = new LinkedHashSet<>();
        String text = values.get(name);
        if (text != null) {
            for (String each : text.split(",", -1)) {
                all.add(of(name, each.strip(), words));
            }
        }
        return all;
    }

    private static <E extends Enum<E>> E of(String name, String text, Class<E> words) {
        Set<String> expected = new LinkedHashSet<>();
        for (E each : words.getEnumConstants()) {
            if (each.toString().equals(text)) {
                return each;
            }
            expected.add(each.toString());
        }
        throw new ConfigException(name, text + " (expected: one of " + expected + ")");
    }
}
