package dev.sallyport.kernel.deploy;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A map of texts in two sorted arrays. A hundred generations of 100,000 routes each are remembered: what two of them have in
 * common is in memory once. Immutable.
 */
final class FlatMap extends AbstractMap<String, String> {

    private final String[] names;
    private final String[] values;

    private FlatMap(String[] names, String[] values) {
        this.names = names;
        this.values = values;
    }

    static FlatMap copyOf(Map<String, String> map) {
        if (map instanceof FlatMap flat) {
            return flat;
        }
        Map<String, String> sorted = new TreeMap<>(map);
        return new FlatMap(
                sorted.keySet().toArray(String[]::new), sorted.values().toArray(String[]::new));
    }

    /** The same map, of the same texts in memory as another one as far as they are equal. */
    FlatMap sharing(Map<String, String> map) {
        FlatMap other = copyOf(map);
        boolean sameNames = Arrays.equals(names, other.names);
        String[] shared = values.clone();
        for (int i = 0; i < shared.length; i++) {
            int at = sameNames ? i : other.find(names[i]);
            if (at >= 0 && shared[i].equals(other.values[at])) {
                shared[i] = other.values[at];
            }
        }
        if (sameNames && Arrays.equals(shared, other.values)) {
            return other;
        }
        return new FlatMap(sameNames ? other.names : names, shared);
    }

    /** The names that one of the two has alone, or with another value; sorted. */
    NavigableSet<String> differences(Map<String, String> map) {
        FlatMap other = copyOf(map);
        NavigableSet<String> differing = new TreeSet<>();
        if (Arrays.equals(names, other.names)) {
            for (int i = 0; i < names.length; i++) {
                if (!values[i].equals(other.values[i])) {
                    differing.add(names[i]);
                }
            }
            return differing;
        }
        forEach((name, value) -> {
            if (!value.equals(other.get(name))) {
                differing.add(name);
            }
        });
        for (String name : other.names) {
            if (find(name) < 0) {
                differing.add(name);
            }
        }
        return differing;
    }

    private int find(@Nullable Object name) {
        return name instanceof String text ? Arrays.binarySearch(names, text) : -1;
    }

    @Override
    public @Nullable String get(@Nullable Object name) {
        int at = find(name);
        return at < 0 ? null : values[at];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return find(name) >= 0;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, String>> iterator() {
                return IntStream.range(0, names.length)
                        .mapToObj(i -> Map.entry(names[i], values[i]))
                        .iterator();
            }

            @Override
            public int size() {
                return names.length;
            }
        };
    }
}
