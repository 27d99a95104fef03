package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A step: {@code {<type>: <its settings>}} with further keys beside it, or {@code {use: <chain>}}. */
record StepShape() implements Shape {

    private static final List<String> KEYS =
            List.of("id", "mode", "when", "version", "onError", "failOpen", "canary", "share", "required", "use");

    /** Made once: there may be very many steps. */
    private static final class Keys {
        private static final ObjectShape SHAPE = RecordShapes.of(StepKeys.class);
    }

    @Override
    public @Nullable Object bind(ConfigNode node, String key, Binding binding) {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            String mend = node instanceof ConfigNode.Scalar scalar && !scalar.isNull()
                    ? "write {" + scalar.shown() + ": {}}"
                    : "write {<type>: {…}}";
            binding.error(node.place(), key, node.shown() + " (expected: " + expected() + "); " + mend);
            return null;
        }
        binding.sources().add(key, node);
        Map<String, ConfigNode.Entry> beside = new LinkedHashMap<>();
        Map<String, ConfigNode.Entry> types = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> (KEYS.contains(name) ? beside : types).put(name, entry));
        refuseMisspelt(types, key, binding);
        ConfigNode.Entry use = beside.remove("use");
        if (use != null) {
            return use(use, beside, types, mapping, key, binding);
        }
        if (types.size() != 1) {
            String found = types.isEmpty() ? "no type" : String.join(" and ", types.keySet());
            String mend = types.isEmpty() ? "write {<type>: {…}}" : "give each an entry of its own";
            Place place = types.isEmpty()
                    ? node.place()
                    : new ArrayList<>(types.values()).get(1).key();
            binding.error(place, key, found + " (expected: one type a step); " + mend);
            return null;
        }
        Map.Entry<String, ConfigNode.Entry> type = types.entrySet().iterator().next();
        StepKeys keys = keys(beside, mapping, key, binding);
        return keys == null
                ? null
                : binding.sources()
                        .add(new Step.Configured(
                                type.getKey(), settings(type.getValue().value()), keys, node.place()));
    }

    /** Of several keys that may be types, those that look like a key of steps are taken for one that is misspelt. */
    private static void refuseMisspelt(Map<String, ConfigNode.Entry> types, String key, Binding binding) {
        if (types.size() < 2) {
            return;
        }
        types.entrySet().removeIf(entry -> {
            String meant = types.size() > 1 ? Suggestion.nearest(entry.getKey(), KEYS) : null;
            if (meant != null) {
                binding.error(
                        entry.getValue().key(),
                        Sources.join(key, entry.getKey()),
                        "unknown key (expected: " + Suggestion.list(KEYS) + " beside the type); did you mean " + meant
                                + "?");
            }
            return meant != null;
        });
    }

    private static @Nullable Step use(
            ConfigNode.Entry use,
            Map<String, ConfigNode.Entry> beside,
            Map<String, ConfigNode.Entry> types,
            ConfigNode.Mapping mapping,
            String key,
            Binding binding) {
        Map<String, ConfigNode.Entry> others = new LinkedHashMap<>(beside);
        others.putAll(types);
        others.remove("when");
        others.forEach((name, entry) -> binding.error(
                entry.key(),
                Sources.join(key, name),
                "given beside use (expected: when, or nothing); put it on the steps of the chain"));
        StepKeys keys =
                keys(beside.containsKey("when") ? Map.of("when", beside.get("when")) : Map.of(), mapping, key, binding);
        Object chain = Scalars.text().bind(use.value(), Sources.join(key, "use"), binding);
        return chain == null || keys == null
                ? null
                : binding.sources().add(new Step.Use((String) chain, keys.when(), mapping.place()));
    }

    private static @Nullable StepKeys keys(
            Map<String, ConfigNode.Entry> beside, ConfigNode.Mapping mapping, String key, Binding binding) {
        return (StepKeys) Keys.SHAPE.bind(new ConfigNode.Mapping(beside, mapping.place()), key, binding);
    }

    /** A type without settings is written {@code {cors: }} as well as {@code {cors: {}}}. */
    static ConfigNode settings(ConfigNode node) {
        return node instanceof ConfigNode.Scalar scalar && scalar.isNull()
                ? new ConfigNode.Mapping(Map.of(), node.place())
                : node;
    }

    @Override
    public String expected() {
        return "a step such as {rate-limit: {limit: 100/s}} or {use: public}";
    }
}
