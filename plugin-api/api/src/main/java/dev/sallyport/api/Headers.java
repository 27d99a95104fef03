package dev.sallyport.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Header fields, or trailer fields: an immutable list of names and values in the order in which they came, with names
 * compared without regard to case (RFC 9110 §5.1) and kept as they were written.
 */
public final class Headers implements Iterable<Map.Entry<String, String>> {

    private static final Headers EMPTY = new Headers(new String[0]);

    /** By character: whether it may stand in a name (RFC 9110 §5.6.2). Every field that comes or goes is looked at. */
    private static final boolean[] TOKEN = new boolean[0x7f];

    static {
        for (char c = '0'; c < TOKEN.length; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c);
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    /** Name, value, name, value, …: one array, since every request makes at least two of these. */
    private final String[] fields;

    private Headers(String[] fields) {
        this.fields = fields;
    }

    /** No fields. */
    public static Headers empty() {
        return EMPTY;
    }

    /**
     * Fields from alternating names and values.
     *
     * @throws IllegalArgumentException where a name or value cannot stand in a header
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values: " + namesAndValues.length + " (expected: pairs)");
        }
        Builder builder = builder(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** A builder, for making many fields at once. Not for use by several threads. */
    public static Builder builder(int expectedFields) {
        return new Builder(expectedFields);
    }

    /** The number of fields. */
    public int size() {
        return fields.length / 2;
    }

    /** Whether there is no field. */
    public boolean isEmpty() {
        return fields.length == 0;
    }

    /** The name of field {@code index} as it was written. */
    public String name(int index) {
        return fields[index * 2];
    }

    /** The value of field {@code index}. */
    public String value(int index) {
        return fields[index * 2 + 1];
    }

    /** The first value of that name, or null. */
    public @Nullable String get(String name) {
        for (int i = 0; i < fields.length; i += 2) {
            if (same(fields[i], name)) {
                return fields[i + 1];
            }
        }
        return null;
    }

    /** The first value of that name, or {@code otherwise}. */
    public String get(String name, String otherwise) {
        String value = get(name);
        return value == null ? otherwise : value;
    }

    /** All values of that name, in order; each as one field carried it, so lists are not split. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < fields.length; i += 2) {
            if (same(fields[i], name)) {
                values.add(fields[i + 1]);
            }
        }
        return values;
    }

    /** Whether a field of that name is there. */
    public boolean has(String name) {
        return get(name) != null;
    }

    /** The names, each once, in lower case, sorted. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < fields.length; i += 2) {
            names.add(fields[i].toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** These fields with this one in the place of all of its name. */
    public Headers with(String name, String value) {
        check(name, value);
        int first = -1;
        int found = 0;
        for (int i = 0; i < fields.length; i += 2) {
            if (same(fields[i], name)) {
                first = first < 0 ? i : first;
                found++;
            }
        }
        if (found == 0) {
            return added(name, value);
        }
        String[] result = fields.clone();
        result[first] = name;
        result[first + 1] = value;
        if (found == 1) {
            return new Headers(result);
        }
        int kept = first + 2;
        for (int i = kept; i < fields.length; i += 2) {
            if (!same(fields[i], name)) {
                result[kept++] = fields[i];
                result[kept++] = fields[i + 1];
            }
        }
        return new Headers(Arrays.copyOf(result, kept));
    }

    /** These fields and this one after them. */
    public Headers withAdded(String name, String value) {
        check(name, value);
        return added(name, value);
    }

    private Headers added(String name, String value) {
        String[] result = Arrays.copyOf(fields, fields.length + 2);
        result[fields.length] = name;
        result[fields.length + 1] = value;
        return new Headers(result);
    }

    /** These fields but those of that name; the same instance where there is none. */
    public Headers without(String name) {
        if (!has(name)) {
            return this;
        }
        int kept = 0;
        String[] result = new String[fields.length];
        for (int i = 0; i < fields.length; i += 2) {
            if (!same(fields[i], name)) {
                result[kept++] = fields[i];
                result[kept++] = fields[i + 1];
            }
        }
        return new Headers(Arrays.copyOf(result, kept));
    }

    @Override
    public Iterator<Map.Entry<String, String>> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < fields.length;
            }

            @Override
            public Map.Entry<String, String> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                next += 2;
                return Map.entry(fields[next - 2], fields[next - 1]);
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && Arrays.equals(fields, that.fields);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fields);
    }

    /** The names alone: values may be secrets. */
    @Override
    public String toString() {
        return names().toString();
    }

    private static boolean same(String one, String other) {
        return one.length() == other.length() && one.equalsIgnoreCase(other);
    }

    private static void check(String name, String value) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("header name: '' (expected: a token)");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!token(name.charAt(i))) {
                throw new IllegalArgumentException(
                        "header name: '" + printable(name) + "' (expected: a token, RFC 9110 §5.6.2)");
            }
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("value of header " + name + ": character " + (int) c + " at " + i
                        + " (expected: visible characters of ISO 8859-1)");
            }
        }
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static boolean token(char c) {
        return c < TOKEN.length && TOKEN[c];
    }

    /** Collects fields; made by {@link Headers#builder}. */
    public static final class Builder {

        private String[] fields;
        private int used;

        /** Whether fields that were built have the array now. */
        private boolean given;

        private Builder(int expectedFields) {
            fields = new String[Math.max(4, expectedFields * 2)];
        }

        /**
         * Adds a field after the others.
         *
         * @throws IllegalArgumentException where a name or value cannot stand in a header
         */
        public Builder add(String name, String value) {
            check(name, value);
            return put(name, value);
        }

        /** Adds field {@code index} of other fields after the others: they were judged when they were made. */
        public Builder add(Headers from, int index) {
            return put(from.name(index), from.value(index));
        }

        private Builder put(String name, String value) {
            if (used == fields.length || given) {
                fields = Arrays.copyOf(fields, used * 2);
                given = false;
            }
            fields[used++] = name;
            fields[used++] = value;
            return this;
        }

        /** The fields added so far. */
        public Headers build() {
            if (used == 0) {
                return EMPTY;
            }
            given = used == fields.length;
            return new Headers(given ? fields : Arrays.copyOf(fields, used));
        }
    }
}
