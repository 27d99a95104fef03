package dev.sallyport.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for: path and query, percent-encoded as they go over the wire (RFC 9112 §3.2). Immutable.
 *
 * <p>The path of a request that came through a listener is in its one normal form: it starts with {@code /}, has no dot
 * segments, no NUL and no backslash, and every {@code %} is followed by two hexadecimal digits.
 *
 * @param path the path, encoded; starts with {@code /} (or is {@code *} for a server-wide OPTIONS)
 * @param query what follows the question mark, encoded; null where there is none
 */
public record RequestTarget(String path, @Nullable String query) {

    public RequestTarget {
        if (!path.startsWith("/") && !path.equals("*")) {
            throw new IllegalArgumentException("path: " + path + " (expected: to start with /)");
        }
        checkCharacters("path", path, "?#");
        if (query != null) {
            checkCharacters("query", query, "#");
        }
    }

    /** Reads {@code /path?query}. */
    public static RequestTarget parse(String target) {
        int mark = target.indexOf('?');
        return mark < 0
                ? new RequestTarget(target, null)
                : new RequestTarget(target.substring(0, mark), target.substring(mark + 1));
    }

    /** The same query on another path. */
    public RequestTarget withPath(String newPath) {
        return new RequestTarget(newPath, query);
    }

    /** The same path with another query; null for none. */
    public RequestTarget withQuery(@Nullable String newQuery) {
        return new RequestTarget(path, newQuery);
    }

    /** The first value of a query parameter, decoded; null where it is not there, {@code ""} where it has no value. */
    public @Nullable String parameter(String name) {
        int end = -1;
        while (query != null && end < query.length()) {
            int from = end + 1;
            int and = query.indexOf('&', from);
            end = and < 0 ? query.length() : and;
            int equals = query.indexOf('=', from);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (isNamed(query, from, nameEnd, name)) {
                return nameEnd == end ? "" : decode(query.substring(nameEnd + 1, end));
            }
        }
        return null;
    }

    /** All values of a query parameter, decoded, in order. */
    public List<String> parameters(String name) {
        if (query == null) {
            return List.of();
        }
        List<String> values = new ArrayList<>(1);
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (decode(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
                values.add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    /** {@code /path?query} */
    @Override
    public String toString() {
        return query == null ? path : path + "?" + query;
    }

    private static boolean isNamed(String query, int from, int end, String name) {
        for (int i = from; i < end; i++) {
            if (query.charAt(i) == '%' || query.charAt(i) == '+') {
                return decode(query.substring(from, end)).equals(name);
            }
        }
        return end - from == name.length() && query.startsWith(name, from);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    private static void checkCharacters(String what, String text, String refused) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || refused.indexOf(c) >= 0) {
                throw new IllegalArgumentException(
                        what + ": character " + (int) c + " at " + i + " (expected: percent-encoded)");
            }
        }
    }
}
