package dev.sallyport.kernel.config;

import dev.sallyport.api.config.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of known keys: a record.
 *
 * @param slots its components, in order
 * @param shorthand the key whose bare value may stand in the record's place; null where none may
 * @param maker makes the record
 */
record ObjectShape(List<Slot> slots, @Nullable String shorthand, Maker maker) implements Shape {

    private static final Object FAILED = new Object();

    /** A component of a record. */
    sealed interface Slot {}

    /** A component that is the record's place. */
    record PlaceSlot() implements Slot {}

    /**
     * A component that is a key.
     *
     * @param required whether it must be given
     * @param absent makes its value where it is not given; null where nothing can stand for it
     * @param oldName the name that it had before; null for none
     */
    record Key(
            String name,
            Shape shape,
            boolean required,
            @Nullable Absent absent,
            @Nullable String oldName) implements Slot {}

    /** Makes the value of a key that is not given. */
    @FunctionalInterface
    interface Absent {
        @Nullable
        Object value(Place place, String key, Binding binding);
    }

    /** Makes a record of its components. */
    @FunctionalInterface
    interface Maker {
        Object make(@Nullable Object[] components) throws Throwable;
    }

    /** The same shape, which may also be written as the value of its only key, unless that is itself a mapping. */
    ObjectShape orOnlyValue() {
        return slots.size() == 1
                        && slots.getFirst() instanceof Key(String name, Shape shape, var _, var _, var _)
                        && (shape instanceof ScalarShape || shape instanceof ListShape)
                ? new ObjectShape(slots, name, maker)
                : this;
    }

    @Override
    public @Nullable Object bind(ConfigNode node, String key, Binding binding) {
        Map<String, ConfigNode.Entry> entries;
        if (node instanceof ConfigNode.Mapping mapping) {
            entries = known(mapping, key, binding);
        } else if (shorthand != null && !(node instanceof ConfigNode.Scalar scalar && scalar.isNull())) {
            entries = Map.of(shorthand, new ConfigNode.Entry(node.place(), node));
        } else {
            binding.error(
                    node.place(),
                    key,
                    node.shown() + " (expected: " + expected() + "); write "
                            + (names().isEmpty() ? "{}" : "{" + example() + ": …}"));
            return null;
        }
        boolean complete = entries.size() >= given(node);
        @Nullable Object[] values = new @Nullable Object[slots.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (slots.get(i)) {
                case PlaceSlot _ -> place(node, key, binding);
                case Key slot -> value(slot, entries, node, key, binding);
            };
            complete &= values[i] != FAILED;
        }
        if (!complete && !(binding.lenient() && replaceFailed(values, node, key, binding))) {
            return null;
        }
        return make(values, node, key, binding);
    }

    private static int given(ConfigNode node) {
        return node instanceof ConfigNode.Mapping mapping ? mapping.entries().size() : 1;
    }

    private static Object place(ConfigNode node, String key, Binding binding) {
        binding.sources().add(key, node);
        return node.place();
    }

    /** The entries by the names that keys have now; others are reported. */
    private Map<String, ConfigNode.Entry> known(ConfigNode.Mapping mapping, String key, Binding binding) {
        Map<String, ConfigNode.Entry> known = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigNode.Entry> entry : mapping.entries().entrySet()) {
            String name = entry.getKey();
            Key slot = slot(name);
            Place place = entry.getValue().key();
            if (slot == null) {
                binding.error(
                        place,
                        Sources.join(key, name),
                        "unknown key (expected: " + Suggestion.list(names()) + "); "
                                + Suggestion.mend(name, names(), "remove it"));
            } else if (slot.name().equals(name)) {
                known.put(name, entry.getValue());
            } else if (mapping.entries().containsKey(slot.name())) {
                binding.error(
                        place,
                        Sources.join(key, name),
                        "given beside " + slot.name() + ", its new name (expected: one of them); remove this one");
            } else {
                binding.find(
                        LintRule.OLD_KEY,
                        place,
                        Sources.join(key, name),
                        "an old name (expected: " + slot.name() + "); rename it");
                known.put(slot.name(), entry.getValue());
            }
        }
        return known;
    }

    private @Nullable Object value(
            Key slot, Map<String, ConfigNode.Entry> entries, ConfigNode node, String key, Binding binding) {
        ConfigNode.Entry entry = entries.get(slot.name());
        if (entry == null || (isNull(entry.value()) && !slot.required())) {
            if (!slot.required()) {
                return absent(slot, node, key, binding);
            }
            binding.error(
                    node.place(),
                    Sources.join(key, slot.name()),
                    "missing (expected: " + slot.shape().expected() + "); add " + slot.name() + ": …");
            return FAILED;
        }
        String path = node instanceof ConfigNode.Mapping ? Sources.join(key, slot.name()) : key;
        Object value = slot.shape().bind(entry.value(), path, binding);
        return value == null ? FAILED : value;
    }

    private static @Nullable Object absent(Key slot, ConfigNode node, String key, Binding binding) {
        Absent absent = slot.absent();
        return absent == null ? null : absent.value(node.place(), Sources.join(key, slot.name()), binding);
    }

    private boolean replaceFailed(@Nullable Object[] values, ConfigNode node, String key, Binding binding) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == FAILED) {
                if (!(slots.get(i) instanceof Key slot) || slot.absent() == null) {
                    return false;
                }
                values[i] = absent(slot, node, key, binding);
            }
        }
        return true;
    }

    private @Nullable Object make(@Nullable Object[] values, ConfigNode node, String key, Binding binding) {
        try {
            return maker.make(values);
        } catch (ConfigException e) {
            ConfigNode at = Sources.find(node, e.key());
            binding.error((at == null ? node : at).place(), Sources.join(key, e.key()), Tainted.hide(e.reason(), node));
        } catch (VirtualMachineError e) {
            if (!(e instanceof StackOverflowError)) {
                throw e;
            }
            binding.error(node.place(), key, "its check fails with " + e);
        } catch (Throwable e) {
            binding.error(node.place(), key, "refused by its own check: " + Tainted.hide(String.valueOf(e), node));
        }
        return null;
    }

    private static boolean isNull(ConfigNode node) {
        return node instanceof ConfigNode.Scalar scalar && scalar.isNull();
    }

    private @Nullable Key slot(String name) {
        for (Slot slot : slots) {
            if (slot instanceof Key key && (key.name().equals(name) || name.equals(key.oldName()))) {
                return key;
            }
        }
        return null;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (Slot slot : slots) {
            if (slot instanceof Key key) {
                names.add(key.name());
            }
        }
        return names;
    }

    private String example() {
        for (Slot slot : slots) {
            if (slot instanceof Key key && key.required()) {
                return key.name();
            }
        }
        return names().getFirst();
    }

    @Override
    public String expected() {
        return names().isEmpty() ? "a mapping without keys" : "a mapping with the keys " + Suggestion.list(names());
    }
}
