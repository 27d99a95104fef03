package dev.sallyport.records;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object (RFC 8259), member by member, without building it first. What ends a line or moves the cursor of a
 * terminal is escaped; half a surrogate pair becomes U+FFFD, so that the text is valid in UTF-8. For one thread.
 *
 * {@snippet :
 * String text = new JsonOut().put("status", 200).object("url").put("path", path).end().text();
 * }
 */
public final class JsonOut {

    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int MOST_NANOS_IN_MILLIS = 1_000_000;

    private final StringBuilder out;

    /** Begins the object. */
    public JsonOut() {
        out = new StringBuilder(768).append('{');
    }

    /** Begins a member that is an object; {@link #end} ends it. */
    public JsonOut object(String name) {
        name(name).out.append('{');
        return this;
    }

    /** Ends the object begun last. */
    public JsonOut end() {
        out.append('}');
        return this;
    }

    /** A text, {@linkplain Lines#cut cut} where it is very long; no member where it is null. */
    public JsonOut put(String name, @Nullable String value) {
        if (value != null) {
            name(name);
            string(Lines.cut(value));
        }
        return this;
    }

    /** A text that is bounded already. */
    JsonOut whole(String name, String value) {
        name(name);
        string(value);
        return this;
    }

    /** A whole number. */
    public JsonOut put(String name, long value) {
        name(name).out.append(value);
        return this;
    }

    /** True or false. */
    public JsonOut put(String name, boolean value) {
        name(name).out.append(value);
        return this;
    }

    /** A duration in milliseconds, to the microsecond: {@code 12.345}. */
    public JsonOut millis(String name, Duration value) {
        long micros = value.toNanos() / 1000;
        name(name).out.append(micros / 1000).append('.');
        int rest = (int) (micros % 1000);
        out.append((char) ('0' + rest / 100));
        if (rest % 100 != 0) {
            out.append((char) ('0' + rest / 10 % 10));
            if (rest % 10 != 0) {
                out.append((char) ('0' + rest % 10));
            }
        }
        return this;
    }

    /** A moment in UTC, to the millisecond, its fraction always written: {@code 2026-01-01T00:00:00.000Z}. */
    public JsonOut time(String name, Instant value) {
        name(name).out.append('"');
        time(out, value, true);
        out.append('"');
        return this;
    }

    /** A moment in UTC, its milliseconds left out where they are 0. */
    JsonOut shortTime(String name, Instant value) {
        name(name).out.append('"');
        time(out, value, false);
        out.append('"');
        return this;
    }

    /** A member that is JSON already. */
    public JsonOut json(String name, String json) {
        name(name).out.append(json);
        return this;
    }

    /** Members that are JSON already, with commas between them and none around. */
    JsonOut members(String json) {
        separate();
        out.append(json);
        return this;
    }

    /** The text of the whole object, which ends here. */
    public String text() {
        return out.append('}').toString();
    }

    /** Four digits of a year, as all the others have. */
    private static void time(StringBuilder out, Instant value, boolean always) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(value.getEpochSecond(), value.getNano(), ZoneOffset.UTC);
        int year = Math.clamp(time.getYear(), 0, 9999);
        two(out, year / 100);
        two(out, year % 100);
        two(out.append('-'), time.getMonthValue());
        two(out.append('-'), time.getDayOfMonth());
        two(out.append('T'), time.getHour());
        two(out.append(':'), time.getMinute());
        two(out.append(':'), time.getSecond());
        int millis = time.getNano() / MOST_NANOS_IN_MILLIS;
        if (always || millis != 0) {
            out.append('.').append((char) ('0' + millis / 100));
            two(out, millis % 100);
        }
        out.append('Z');
    }

    private static void two(StringBuilder out, int number) {
        out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private JsonOut name(String name) {
        separate();
        string(name);
        out.append(':');
        return this;
    }

    /** No text ends in a brace, as its quote comes after. */
    private void separate() {
        if (out.charAt(out.length() - 1) != '{') {
            out.append(',');
        }
    }

    private void string(String text) {
        out.append('"');
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            out.append(text, from, i);
            from = i + 1;
            escape(c);
        }
        if (from == 0) {
            out.append(text); // at once, which is much cheaper than by parts
        } else {
            out.append(text, from, text.length());
        }
        out.append('"');
    }

    private static boolean isPlain(char c) {
        return c >= ' '
                && c != '"'
                && c != '\\'
                && (c < 0x7f || (c > 0x9f && c != 0x2028 && c != 0x2029 && !Character.isSurrogate(c)));
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                int code = Character.isSurrogate(c) ? 0xfffd : c;
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX[code >> shift & 15]);
                }
            }
        }
    }
}
