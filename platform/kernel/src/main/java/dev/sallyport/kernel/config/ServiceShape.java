package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service: {@code {name: <name>, <type>: <its settings>}}. */
record ServiceShape() implements Shape {

    private static final List<String> KEYS = List.of("name", "version");

    @Override
    public @Nullable Object bind(ConfigNode node, String key, Binding binding) {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            binding.error(
                    node.place(), key, node.shown() + " (expected: " + expected() + "); write {name: …, <type>: {…}}");
            return null;
        }
        binding.sources().add(key, node);
        Map<String, ConfigNode.Entry> beside = new LinkedHashMap<>();
        Map<String, ConfigNode.Entry> types = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> (KEYS.contains(name) ? beside : types).put(name, entry));
        Object keys =
                RecordShapes.of(ServiceKeys.class).bind(new ConfigNode.Mapping(beside, node.place()), key, binding);
        if (types.size() != 1) {
            Place place = types.isEmpty()
                    ? node.place()
                    : new ArrayList<>(types.values()).get(1).key();
            binding.error(
                    place,
                    key,
                    (types.isEmpty() ? "no type" : String.join(" and ", types.keySet()))
                            + " (expected: one type a service); "
                            + (types.isEmpty() ? "write {name: …, <type>: {…}}" : "give each an entry of its own"));
            return null;
        }
        Map.Entry<String, ConfigNode.Entry> type = types.entrySet().iterator().next();
        return keys instanceof ServiceKeys(String name, String version)
                ? binding.sources()
                        .add(new ServiceConfig(
                                name,
                                type.getKey(),
                                StepShape.settings(type.getValue().value()),
                                version,
                                node.place()))
                : null;
    }

    @Override
    public String expected() {
        return "a service such as {name: cluster, kubernetes: {}}";
    }
}
