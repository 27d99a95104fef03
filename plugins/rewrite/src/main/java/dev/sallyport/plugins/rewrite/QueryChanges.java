package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Escapes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a query, made in this order: {@code keep}, {@code remove}, {@code rename}, {@code set}, {@code add}. What they do
 * not name keeps its place and its bytes.
 *
 * @param keep names, decoded; one that ends in {@code *} stands for all names that begin so
 * @param remove the same
 * @param rename new names by old names
 * @param set values by name
 * @param add values by name
 */
public record QueryChanges(
        @Doc("Names of the only parameters to keep; page_* keeps all that begin so. All if not given.")
        List<String> keep,

        @Doc("Names of parameters to remove; utm_* removes all that begin so, \"*\" all.")
        List<String> remove,

        @Doc("New names by old ones; the parameter takes the place of any that has the new name.")
        Map<String, String> rename,

        @Doc("Parameters to set in the place of all of their name; without a value, the parameter is removed.")
        Map<String, QueryValue> set,

        @Doc("Parameters to add beside those of their name.")
        Map<String, QueryValue> add) {

    /** Keeps copies, in the order that was written. */
    public QueryChanges {
        keep = List.copyOf(keep);
        remove = List.copyOf(remove);
        rename = copy(rename);
        set = copy(set);
        add = copy(add);
    }

    boolean isEmpty() {
        return keep.isEmpty() && remove.isEmpty() && rename.isEmpty() && set.isEmpty() && add.isEmpty();
    }

    @Nullable
    String apply(@Nullable String query, Substitution values) {
        if (isEmpty()) {
            return query;
        }
        List<String> pairs = new ArrayList<>();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                String name = name(pair);
                if ((keep.isEmpty() || isAmong(name, keep)) && !isAmong(name, remove)) {
                    pairs.add(pair);
                }
            }
        }
        rename.forEach((from, to) -> rename(pairs, from, to));
        set.forEach((name, value) -> set(pairs, name, value.expand(values)));
        add.forEach((name, value) -> {
            String added = value.expand(values);
            if (added != null) {
                pairs.add(Escapes.query(name) + "=" + added);
            }
        });
        return pairs.isEmpty() ? null : String.join("&", pairs);
    }

    private static boolean isAmong(String name, List<String> patterns) {
        for (String pattern : patterns) {
            if (pattern.endsWith("*")
                    ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                    : name.equals(pattern)) {
                return true;
            }
        }
        return false;
    }

    private static void rename(List<String> pairs, String from, String to) {
        if (from.equals(to) || pairs.stream().noneMatch(pair -> name(pair).equals(from))) {
            return;
        }
        pairs.removeIf(pair -> name(pair).equals(to));
        pairs.replaceAll(pair -> {
            int equals = pair.indexOf('=');
            return name(pair).equals(from) ? Escapes.query(to) + (equals < 0 ? "" : pair.substring(equals)) : pair;
        });
    }

    private static void set(List<String> pairs, String name, @Nullable String value) {
        int place = -1;
        for (int i = 0; i < pairs.size(); i++) {
            if (name(pairs.get(i)).equals(name)) {
                place = place < 0 ? i : place;
                pairs.remove(i--);
            }
        }
        if (value != null) {
            pairs.add(place < 0 ? pairs.size() : place, Escapes.query(name) + "=" + value);
        }
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return Percent.decode((equals < 0 ? pair : pair.substring(0, equals)).replace('+', ' '));
    }

    private static <V> Map<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
