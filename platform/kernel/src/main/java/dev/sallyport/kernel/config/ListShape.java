package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list or a set.
 *
 * @param shorthand whether its only element may stand in its place
 * @param set whether it is a set, which has no element twice
 */
record ListShape(Shape item, boolean shorthand, boolean set, long least, long most) implements Shape {

    @Override
    public @Nullable Object bind(ConfigNode node, String key, Binding binding) {
        List<ConfigNode> items;
        if (node instanceof ConfigNode.Sequence list) {
            items = list.items();
        } else if (node instanceof ConfigNode.Scalar scalar && scalar.isNull()) {
            items = List.of();
        } else if (shorthand) {
            Object only = item.bind(node, key, binding);
            return only == null ? null : of(List.of(only));
        } else {
            binding.error(node.place(), key, node.shown() + " (expected: " + expected() + "); " + mend(node));
            return null;
        }
        if (items.size() < least || items.size() > most) {
            String bound = items.size() < least ? least + " or more" : most + " or fewer";
            String mend = items.size() < least ? "add one" : "remove some";
            binding.error(node.place(), key, items.size() + " elements (expected: " + bound + "); " + mend);
            if (!binding.lenient()) {
                return null;
            }
        }
        List<Object> values = new ArrayList<>();
        Set<Object> contents = new HashSet<>();
        boolean complete = true;
        for (int i = 0; i < items.size(); i++) {
            ConfigNode element = items.get(i);
            Object value = item.bind(element, key + "[" + i + "]", binding);
            if (value == null) {
                complete = false;
            } else if (set && !contents.add(element.content())) {
                binding.error(
                        element.place(),
                        key + "[" + i + "]",
                        element.shown() + " (expected: once); remove one of the two");
                complete = false;
            } else {
                values.add(value);
            }
        }
        return complete || binding.lenient() ? of(values) : null;
    }

    private static String mend(ConfigNode node) {
        if (node instanceof ConfigNode.Mapping mapping
                && mapping.entries().keySet().stream().anyMatch(name -> name.startsWith("-"))) {
            return "put a space behind each dash";
        }
        return node instanceof ConfigNode.Scalar ? "write [" + node.shown() + "]" : "write it as a list";
    }

    private Object of(List<Object> values) {
        return set ? Collections.unmodifiableSet(new LinkedHashSet<>(values)) : List.copyOf(values);
    }

    /** What an absent one is. */
    Object empty() {
        return set ? Set.of() : List.of();
    }

    @Override
    public String expected() {
        return "a list";
    }
}
