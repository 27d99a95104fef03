package dev.sallyport.kernel.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A mapping of names that the user chooses. */
record MapShape(Shape value, long least, long most) implements Shape {

    @Override
    public @Nullable Object bind(ConfigNode node, String key, Binding binding) {
        Map<String, ConfigNode.Entry> entries;
        if (node instanceof ConfigNode.Mapping mapping) {
            entries = mapping.entries();
        } else if (node instanceof ConfigNode.Scalar scalar && scalar.isNull()) {
            entries = Map.of();
        } else {
            binding.error(
                    node.place(),
                    key,
                    node.shown() + " (expected: " + expected()
                            + "); write {name: value}, or name: value on lines below");
            return null;
        }
        if (entries.size() < least || entries.size() > most) {
            String bound = entries.size() < least ? least + " or more" : most + " or fewer";
            String mend = entries.size() < least ? "add one" : "remove some";
            binding.error(node.place(), key, entries.size() + " entries (expected: " + bound + "); " + mend);
            if (!binding.lenient()) {
                return null;
            }
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        boolean complete = true;
        for (Map.Entry<String, ConfigNode.Entry> entry : entries.entrySet()) {
            Object bound = value instanceof FreeShape
                    ? FreeShape.json(entry.getValue().value())
                    : value.bind(entry.getValue().value(), Sources.join(key, entry.getKey()), binding);
            if (bound == null && !(value instanceof FreeShape)) {
                complete = false;
            } else {
                values.put(entry.getKey(), bound);
            }
        }
        return complete || binding.lenient() ? Collections.unmodifiableMap(values) : null;
    }

    @Override
    public String expected() {
        return "a mapping";
    }
}
