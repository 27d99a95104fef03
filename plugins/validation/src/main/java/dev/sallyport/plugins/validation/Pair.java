package dev.sallyport.plugins.validation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name and a value of a query, a form or a cookie, the value as it was sent.
 *
 * @param name decoded
 */
record Pair(String name, String value) {

    private static final int MOST = 10_000;

    /** The pairs of a query or of a form in the same form. */
    static List<Pair> ofQuery(@Nullable String query) {
        List<Pair> pairs = new ArrayList<>();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", MOST)) {
                int equals = pair.indexOf('=');
                if (!pair.isEmpty()) {
                    pairs.add(new Pair(
                            Texts.decoded(equals < 0 ? pair : pair.substring(0, equals), true),
                            equals < 0 ? "" : pair.substring(equals + 1)));
                }
            }
        }
        return pairs;
    }

    /** The cookies of a request. */
    static List<Pair> ofCookies(List<String> fields) {
        List<Pair> pairs = new ArrayList<>();
        for (String field : fields) {
            for (String cookie : field.split(";", MOST)) {
                int equals = cookie.indexOf('=');
                if (equals > 0) {
                    pairs.add(new Pair(
                            cookie.substring(0, equals).strip(),
                            cookie.substring(equals + 1).strip()));
                }
            }
        }
        return pairs;
    }

    /** The value, decoded. */
    String decoded() {
        return Texts.decoded(value, true);
    }

    /** All values of a name, as they were sent. */
    static List<String> values(List<Pair> pairs, String name) {
        return pairs.stream()
                .filter(pair -> pair.name.equals(name))
                .map(Pair::value)
                .toList();
    }
}
