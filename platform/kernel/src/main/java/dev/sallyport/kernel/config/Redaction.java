package dev.sallyport.kernel.config;

import dev.sallyport.kernel.routing.HostPattern;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Knows what is written in the place of each value that references to secrets gave. Its own text shows none of them. */
public final class Redaction {

    /** A value shorter than that is no secret, and would be found everywhere in a text. */
    private static final int SHORTEST = 4;

    private final Map<String, String> values = new HashMap<>();

    /** Values and the secrets in them. The longest first: one may hold another. */
    private final SortedMap<String, String> parts =
            new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /** One that knows no value. */
    public Redaction() {}

    /** Notes all values at and below a node. */
    void add(ConfigNode node) {
        switch (node) {
            case ConfigNode.Scalar scalar -> {
                if (scalar.isTainted()) {
                    scalar.secrets().forEach(secret -> parts.putIfAbsent(secret, "…"));
                    parts.put(scalar.text(), scalar.written());
                    values.put(scalar.text(), scalar.written());
                    addHost(scalar);
                }
            }
            case ConfigNode.Sequence list -> list.items().forEach(this::add);
            case ConfigNode.Mapping mapping -> mapping.entries().values().forEach(entry -> add(entry.value()));
        }
    }

    /** Of all values, hosts alone are kept in another form than that in which they are written. */
    private void addHost(ConfigNode.Scalar scalar) {
        try {
            values.putIfAbsent(HostPattern.parse(scalar.text()).toString(), scalar.written());
        } catch (IllegalArgumentException noHost) {
            // then it is shown nowhere as one
        }
    }

    boolean hidesLike(Redaction other) {
        return values.equals(other.values) && parts.equals(other.parts);
    }

    String shown(String value) {
        return values.getOrDefault(value, value);
    }

    String hide(String text) {
        String hidden = text;
        for (Map.Entry<String, String> each : parts.entrySet()) {
            if (each.getKey().length() >= SHORTEST) {
                hidden = hidden.replace(each.getKey(), each.getValue());
            }
        }
        return hidden;
    }

    @Override
    public String toString() {
        return parts.size() + " values";
    }
}
