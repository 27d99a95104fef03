package dev.sallyport.kernel.config;

import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Knows what is written instead of each value that a reference to a secret gave. Its own text shows none of them. */
public final class Redaction {

    /** A value shorter than that is no secret, and would be found everywhere. */
    private static final int SHORTEST = 4;

    /** The longest first: one may hold another. */
    private final SortedMap<String, String> written =
            new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /** One that knows no value. */
    public Redaction() {}

    /** Notes all values at and below a node. */
    void add(ConfigNode node) {
        switch (node) {
            case ConfigNode.Scalar scalar -> {
                if (scalar.isTainted()) {
                    scalar.secrets().forEach(secret -> written.putIfAbsent(secret, "…"));
                    written.put(scalar.text(), scalar.written());
                }
            }
            case ConfigNode.Sequence list -> list.items().forEach(this::add);
            case ConfigNode.Mapping mapping -> mapping.entries().values().forEach(entry -> add(entry.value()));
        }
    }

    String hide(String text) {
        String hidden = text;
        for (Map.Entry<String, String> each : written.entrySet()) {
            if (each.getKey().length() >= SHORTEST) {
                hidden = hidden.replace(each.getKey(), each.getValue());
            }
        }
        return hidden;
    }

    @Override
    public String toString() {
        return written.size() + " values";
    }
}
