package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.config.Doc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a query, made in this order: {@code remove}, {@code set}, {@code add}. What they do not name keeps its place
 * and its bytes.
 *
 * @param remove names, decoded; {@code *} is all
 * @param set values by name
 * @param add values by name
 */
public record QueryChanges(
        @Doc("Names of parameters to remove; \"*\" removes all.")
        List<String> remove,

        @Doc("Parameters to set in the place of all of their name.")
        Map<String, QueryValue> set,

        @Doc("Parameters to add beside those of their name.")
        Map<String, QueryValue> add) {

    /** No change. */
    static final QueryChanges NONE = new QueryChanges(List.of(), Map.of(), Map.of());

    /** Keeps copies, in the order that was written. */
    public QueryChanges {
        remove = List.copyOf(remove);
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        add = Collections.unmodifiableMap(new LinkedHashMap<>(add));
    }

    boolean isEmpty() {
        return remove.isEmpty() && set.isEmpty() && add.isEmpty();
    }

    @Nullable
    String apply(@Nullable String query, Substitution values) {
        if (isEmpty()) {
            return query;
        }
        List<String> pairs = new ArrayList<>();
        if (query != null && !remove.contains("*")) {
            for (String pair : query.split("&", -1)) {
                if (!remove.contains(name(pair))) {
                    pairs.add(pair);
                }
            }
        }
        set.forEach((name, value) -> set(pairs, name, Percent.query(name) + "=" + value.expand(values)));
        add.forEach((name, value) -> pairs.add(Percent.query(name) + "=" + value.expand(values)));
        return pairs.isEmpty() ? null : String.join("&", pairs);
    }

    private static void set(List<String> pairs, String name, String pair) {
        int first = -1;
        for (int i = 0; i < pairs.size(); i++) {
            if (name(pairs.get(i)).equals(name)) {
                if (first < 0) {
                    first = i;
                    pairs.set(i, pair);
                } else {
                    pairs.remove(i--);
                }
            }
        }
        if (first < 0) {
            pairs.add(pair);
        }
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return Percent.decode((equals < 0 ? pair : pair.substring(0, equals)).replace('+', ' '));
    }
}
