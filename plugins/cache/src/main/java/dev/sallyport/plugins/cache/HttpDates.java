package dev.sallyport.plugins.cache;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dates of HTTP in their three forms (RFC 9110 §5.6.7), as milliseconds since 1970. The day of the week says nothing that
 * the date does not say, so that one which does not fit is no reason to take a date for none.
 */
final class HttpDates {

    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final DateTimeFormatter FIXED = form("dd MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = form("MMM ppd HH:mm:ss uuuu");
    private static final Set<String> DAYS = Set.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final int CENTURY = 100;

    private HttpDates() {}

    /** Null where it is none, or there is none. */
    static @Nullable Long parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            String date = text.strip();
            int space = date.indexOf(' ');
            if (space < 3 || !DAYS.contains(date.substring(0, 3).toLowerCase(Locale.ROOT))) {
                return null;
            }
            String rest = date.substring(space + 1);
            LocalDateTime time = date.charAt(space - 1) != ','
                    ? LocalDateTime.parse(rest, ASCTIME)
                    : space == 4 ? LocalDateTime.parse(rest, FIXED) : rfc850(rest);
            return time.toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** Read whatever the case of its letters (RFC 9111 §4.2). */
    private static DateTimeFormatter form(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /** A year of two digits that looks more than 50 years ahead is the last one with those digits. */
    private static LocalDateTime rfc850(String date) {
        int base = ZonedDateTime.now(ZoneOffset.UTC).getYear() - CENTURY / 2;
        DateTimeFormatter form = new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, base)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
        return LocalDateTime.parse(date, form);
    }

    /** The one form that is written. */
    static String format(long millis) {
        return WRITTEN.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }
}
