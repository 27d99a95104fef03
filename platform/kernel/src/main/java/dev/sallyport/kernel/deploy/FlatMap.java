package dev.sallyport.kernel.deploy;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
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

    /**
     * The same map, otherwise where it is said.
     *
     * @param without names that are left out
     * @param with what is put in, whatever is left out
     */
    FlatMap edited(Set<String> without, SortedMap<String, String> with) {
        String[] editedNames = new String[names.length + with.size()];
        String[] editedValues = new String[editedNames.length];
        int size = 0;
        int at = 0;
        for (Entry<String, String> put : with.entrySet()) {
            int found = Arrays.binarySearch(names, at, names.length, put.getKey());
            int to = found < 0 ? -found - 1 : found;
            size = kept(at, to, without, editedNames, editedValues, size);
            editedNames[size] = found < 0 ? put.getKey() : names[found];
            editedValues[size++] = put.getValue();
            at = found < 0 ? to : to + 1;
        }
        size = kept(at, names.length, without, editedNames, editedValues, size);
        return new FlatMap(Arrays.copyOf(editedNames, size), Arrays.copyOf(editedValues, size));
    }

    private int kept(int from, int to, Set<String> without, String[] itsNames, String[] itsValues, int size) {
        int end = size;
        for (int i = from; i < to; i++) {
            if (without.isEmpty() || !without.contains(names[i])) {
                itsNames[end] = names[i];
                itsValues[end++] = values[i];
            }
        }
        return end;
    }

    /** The names that do not begin like that. */
    Set<String> namesWithout(String beginning) {
        Set<String> others = new TreeSet<>();
        int from = first(beginning);
        others.addAll(Arrays.asList(names).subList(0, from));
        others.addAll(Arrays.asList(names).subList(from + count(beginning), names.length));
        return others;
    }

    /** How many names begin like that. */
    int count(String beginning) {
        return first(beginning + Character.MAX_VALUE) - first(beginning);
    }

    private int first(String from) {
        int found = find(from);
        return found < 0 ? -found - 1 : found;
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
