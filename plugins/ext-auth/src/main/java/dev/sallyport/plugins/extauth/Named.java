package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Headers;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Headers that the settings name. */
final class Named {

    private final boolean all;
    private final Set<String> names;

    /** @param names of headers; {@code *} for all */
    Named(List<String> names) {
        all = names.contains("*");
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /** @param name in lower case */
    boolean has(String name) {
        return all || names.contains(name);
    }

    /**
     * Those of some fields that are named.
     *
     * @param fields by name, in any case
     * @throws IOException where a value cannot stand in a header
     */
    static Headers of(List<String> names, Map<String, List<String>> fields) throws IOException {
        Headers.Builder found = Headers.builder(names.size());
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            for (String name : names) {
                if (name.equalsIgnoreCase(field.getKey())) {
                    add(name, field.getValue(), found);
                }
            }
        }
        return found.build();
    }

    private static void add(String name, List<String> values, Headers.Builder found) throws IOException {
        for (String value : values) {
            try {
                found.add(name, value);
            } catch (IllegalArgumentException notAValue) {
                throw new IOException("header " + name + ": a value that cannot stand in a header", notAValue);
            }
        }
    }
}
