package dev.sallyport.plugins.soap;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How XML Schema and JSON write numbers. */
final class Numbers {

    private static final int MOST_DIGITS = 1_000;

    private Numbers() {}

    /** A whole number of XML Schema as JSON writes it; null where it is none. */
    static @Nullable String whole(String text) {
        int from = sign(text);
        if (from == text.length() || text.length() > MOST_DIGITS) {
            return null;
        }
        for (int i = from; i < text.length(); i++) {
            if (!digit(text.charAt(i))) {
                return null;
            }
        }
        int first = from;
        while (first < text.length() - 1 && text.charAt(first) == '0') {
            first++;
        }
        return text.charAt(0) == '-' ? "-" + text.substring(first) : first == 0 ? text : text.substring(first);
    }

    /** A number of XML Schema with a point, and with an exponent where that is allowed, as JSON writes it; or null. */
    static @Nullable String broken(String text, boolean exponent) {
        int at = sign(text);
        int start = at;
        while (at < text.length() && digit(text.charAt(at))) {
            at++;
        }
        int point = at;
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            while (at < text.length() && digit(text.charAt(at))) {
                at++;
            }
        }
        if (at - start - (at > point ? 1 : 0) == 0 || text.length() > MOST_DIGITS) {
            return null;
        }
        int mantissa = at;
        if (exponent && at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            at++;
            at += at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? 1 : 0;
            int digits = at;
            while (at < text.length() && digit(text.charAt(at))) {
                at++;
            }
            if (digits == at || at - digits > 4) {
                return null;
            }
        }
        if (at < text.length()) {
            return null;
        }
        String whole = start == point ? "0" : String.valueOf(whole(text.substring(start, point)));
        String fraction = mantissa > point + 1 ? text.substring(point, mantissa) : "";
        return (text.charAt(0) == '-' ? "-" : "") + whole + fraction + text.substring(mantissa);
    }

    /** A number of JSON without its exponent, as xs:decimal and xs:integer have it; null where it is too long for that. */
    static @Nullable String plain(String json) {
        if (json.indexOf('e') < 0 && json.indexOf('E') < 0) {
            return json;
        }
        try {
            BigDecimal number = new BigDecimal(json);
            return Math.abs((long) number.scale()) + number.precision() > MOST_DIGITS ? null : number.toPlainString();
        } catch (NumberFormatException exponent) {
            return null;
        }
    }

    /** A number of JSON as a whole one: {@code 5.0} is 5; null where it is none. */
    static @Nullable String asWhole(String json) {
        String plain = plain(json);
        int point = plain == null ? -1 : plain.indexOf('.');
        if (plain == null || point < 0) {
            return plain;
        }
        for (int i = point + 1; i < plain.length(); i++) {
            if (plain.charAt(i) != '0') {
                return null;
            }
        }
        return plain.substring(0, point);
    }

    private static int sign(String text) {
        return !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
