package dev.sallyport.kernel.routing;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a match asks beside host and path: methods, header fields, query parameters. Immutable.
 *
 * <p>{@code GET} takes {@code HEAD} too: HEAD is GET without a body in the response (RFC 9110 §9.3.2), so a guard on GET
 * must not be passed by, nor a route missed, with HEAD.
 */
final class Conditions {

    /** These belong to one connection and are gone before routes are matched. */
    private static final Set<String> NEVER_THERE =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade");

    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private static final Conditions NONE = new Conditions(new String[0], new String[0], new String[0]);

    private final String[] methods;
    private final String[] headers;
    private final String[] query;

    private Conditions(String[] methods, String[] headers, String[] query) {
        this.methods = methods;
        this.headers = headers;
        this.query = query;
    }

    static Conditions of(Collection<String> methods, Map<String, String> headers, Map<String, String> query) {
        if (methods.isEmpty() && headers.isEmpty() && query.isEmpty()) {
            return NONE; // as most are: one object for all, which is near at hand then
        }
        List<String> allowed = new ArrayList<>();
        for (String method : methods) {
            checkMethod(method);
            if (!allowed.contains(method)) {
                allowed.add(method);
            }
        }
        if (allowed.contains("GET") && !allowed.contains("HEAD")) {
            allowed.add("HEAD");
        }
        headers.keySet().forEach(Conditions::checkHeader);
        query.keySet().forEach(Conditions::checkQuery);
        return new Conditions(allowed.toArray(String[]::new), pairs(headers), pairs(query));
    }

    static void checkMethod(String method) {
        if (!isToken(method)) {
            throw new IllegalArgumentException(method + " (expected: a method, RFC 9110 §9.1); write GET, POST, …");
        }
        String capitals = method.toUpperCase(Locale.ROOT);
        if (!method.equals(capitals)) {
            throw new IllegalArgumentException(method + " (expected: a method in capitals); write " + capitals);
        }
    }

    static void checkHeader(String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException(
                    name + " (expected: the name of a header field); use letters, digits and hyphens");
        }
        if (NEVER_THERE.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(name
                    + " (expected: a header field that is meant for the upstream, RFC 9110 §7.6.1); match another one");
        }
    }

    static void checkQuery(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("'' (expected: the name of a query parameter); name one");
        }
    }

    boolean takesMethod(String method) {
        if (methods.length == 0) {
            return true;
        }
        for (String allowed : methods) {
            if (allowed.equals(method)) {
                return true;
            }
        }
        return false;
    }

    boolean takesFields(Headers actual, RequestTarget target) {
        for (int i = 0; i < headers.length; i += 2) {
            if (!headers[i + 1].equals(combined(actual, headers[i]))) {
                return false;
            }
        }
        for (int i = 0; i < query.length; i += 2) {
            if (!query[i + 1].equals(target.parameter(query[i]))) {
                return false;
            }
        }
        return true;
    }

    /** Why the fields do not fit, in words; null where they do. */
    @Nullable
    String missedField(Headers actual, RequestTarget target, UnaryOperator<String> shown) {
        for (int i = 0; i < headers.length; i += 2) {
            String value = combined(actual, headers[i]);
            if (!headers[i + 1].equals(value)) {
                return "header " + headers[i] + " is " + (value == null ? "absent" : quoted(value)) + ", not "
                        + quoted(shown.apply(headers[i + 1]));
            }
        }
        for (int i = 0; i < query.length; i += 2) {
            String value = target.parameter(query[i]);
            if (!query[i + 1].equals(value)) {
                return "query parameter " + query[i] + " is " + (value == null ? "absent" : quoted(value)) + ", not "
                        + quoted(shown.apply(query[i + 1]));
            }
        }
        return null;
    }

    /** Whether each request whose fields the other takes has fields that these take. */
    boolean takesFieldsOf(Conditions other) {
        return isPart(headers, other.headers, true) && isPart(query, other.query, false);
    }

    /** Whether there are requests whose fields both take. */
    boolean shareFieldsWith(Conditions other) {
        return !contradict(headers, other.headers, true) && !contradict(query, other.query, false);
    }

    private static boolean isPart(String[] pairs, String[] of, boolean fields) {
        for (int i = 0; i < pairs.length; i += 2) {
            String value = value(of, pairs[i], fields);
            if (!pairs[i + 1].equals(value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean contradict(String[] some, String[] others, boolean fields) {
        for (int i = 0; i < some.length; i += 2) {
            String value = value(others, some[i], fields);
            if (value != null && !value.equals(some[i + 1])) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String value(String[] pairs, String name, boolean field) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (field ? pairs[i].equalsIgnoreCase(name) : pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    List<String> methods() {
        return List.of(methods);
    }

    boolean namesMethods() {
        return methods.length > 0;
    }

    int headerCount() {
        return headers.length / 2;
    }

    int queryCount() {
        return query.length / 2;
    }

    /** Fields of one name are one list, however they are split into lines (RFC 9110 §5.3). */
    private static @Nullable String combined(Headers headers, String name) {
        String first = null;
        for (int i = 0; i < headers.size(); i++) {
            String candidate = headers.name(i);
            if (candidate.length() == name.length() && candidate.equalsIgnoreCase(name)) {
                first = first == null ? headers.value(i) : first + ", " + headers.value(i);
            }
        }
        return first;
    }

    static String quoted(String text) {
        return '"' + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + '"';
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || MARKS.indexOf(c) >= 0));
    }

    private static String[] pairs(Map<String, String> map) {
        String[] pairs = new String[map.size() * 2];
        int i = 0;
        for (Map.Entry<String, String> entry : map.entrySet()) {
            pairs[i++] = entry.getKey();
            pairs[i++] = entry.getValue();
        }
        return pairs;
    }
}
