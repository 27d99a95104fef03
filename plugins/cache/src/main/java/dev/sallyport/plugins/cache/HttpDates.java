package dev.sallyport.plugins.cache;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates of HTTP in their three forms (RFC 9110 §5.6.7), as milliseconds since 1970. */
final class HttpDates {

    private static final DateTimeFormatter FIXED = form("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = form("EEE MMM ppd HH:mm:ss yyyy");
    private static final int CENTURY = 100;

    private HttpDates() {}

    /** Null where it is none, or there is none. */
    static @Nullable Long parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            String date = text.strip();
            LocalDateTime time;
            if (date.length() > 3 && date.charAt(3) == ',') {
                time = LocalDateTime.parse(date, FIXED);
            } else if (date.indexOf(',') > 0) {
                time = rfc850(date);
            } else {
                time = LocalDateTime.parse(date, ASCTIME);
            }
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
                .toFormatter(Locale.ENGLISH);
    }

    /** A year of two digits that looks more than 50 years ahead is the last one with those digits. */
    private static LocalDateTime rfc850(String date) {
        int base = ZonedDateTime.now(ZoneOffset.UTC).getYear() - CENTURY / 2;
        DateTimeFormatter form = new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, base)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
        return LocalDateTime.parse(date, form);
    }

    /** The one form that is written. */
    static String format(long millis) {
        return FIXED.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }
}
