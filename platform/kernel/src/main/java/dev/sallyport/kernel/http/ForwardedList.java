package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a forwarding header, from right to left and over all its lines. The right end is what the nearest proxy
 * wrote; reading from there, nothing that a client put further left (a quote that is never closed, say) can hide it.
 */
final class ForwardedList {

    private final List<String> lines;
    private final boolean quotes;
    private int line;
    private int end;

    /** @param quotes whether a comma within quotes separates nothing, as in {@code Forwarded} */
    ForwardedList(Headers headers, String name, boolean quotes) {
        this.lines = headers.all(name);
        this.quotes = quotes;
        this.line = lines.size() - 1;
        this.end = line < 0 ? 0 : lines.get(line).length();
    }

    /** The next element to the left, never empty; null where there is none. */
    @Nullable
    String next() {
        while (line >= 0) {
            if (end < 0) {
                line--;
                end = line < 0 ? -1 : lines.get(line).length();
                continue;
            }
            String text = lines.get(line);
            int comma = comma(text, end);
            String element = text.substring(comma + 1, end).strip();
            end = comma;
            if (!element.isEmpty()) {
                return element;
            }
        }
        return null;
    }

    /**
     * The value of a parameter of a {@code Forwarded} element (RFC 7239 §4), without quotes; null where it is not there
     * or not well formed.
     */
    static @Nullable String parameter(String element, String name) {
        int from = 0;
        while (from < element.length()) {
            int to = semicolon(element, from);
            int equals = element.indexOf('=', from);
            if (equals > 0
                    && equals < to
                    && element.substring(from, equals)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals(name)) {
                return unquoted(element.substring(equals + 1, to).strip());
            }
            from = to + 1;
        }
        return null;
    }

    private int comma(String text, int before) {
        boolean quoted = false;
        for (int i = before - 1; i >= 0; i--) {
            char c = text.charAt(i);
            if (quotes && c == '"' && !isEscaped(text, i)) {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isEscaped(String text, int at) {
        int backslashes = 0;
        while (at - backslashes > 0 && text.charAt(at - backslashes - 1) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static int semicolon(String element, int from) {
        boolean quoted = false;
        for (int i = from; i < element.length(); i++) {
            char c = element.charAt(i);
            if (c == '"' && !isEscaped(element, i)) {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                return i;
            }
        }
        return element.length();
    }

    private static @Nullable String unquoted(String value) {
        if (!value.startsWith("\"")) {
            return value.indexOf('"') < 0 ? value : null;
        }
        if (value.length() < 2 || !value.endsWith("\"")) {
            return null;
        }
        StringBuilder result = new StringBuilder(value.length());
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            if (c == '"') {
                return null;
            }
            if (c == '\\' && i + 1 < value.length() - 1) {
                c = value.charAt(++i);
            }
            result.append(c);
        }
        return result.toString();
    }
}
