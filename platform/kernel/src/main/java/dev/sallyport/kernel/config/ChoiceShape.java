package dev.sallyport.kernel.config;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A choice by key: {@code {header: x-api-key}}, or a bare name where the chosen record has no keys. */
record ChoiceShape(Map<String, ObjectShape> options) implements Shape {

    @Override
    public @Nullable Object bind(ConfigNode node, String key, Binding binding) {
        if (node instanceof ConfigNode.Mapping mapping && mapping.entries().size() == 1) {
            String name = mapping.entries().keySet().iterator().next();
            ObjectShape option = options.get(name);
            if (option != null && !option.slots().isEmpty()) {
                ConfigNode.Entry entry = mapping.entries().values().iterator().next();
                return option.bind(entry.value(), Sources.join(key, name), binding);
            }
            return refuse(node, key, name, option, binding);
        }
        if (node instanceof ConfigNode.Scalar scalar && !scalar.isNull()) {
            ObjectShape option = options.get(scalar.text());
            if (option != null && option.slots().isEmpty()) {
                return option.bind(new ConfigNode.Mapping(Map.of(), node.place()), key, binding);
            }
            return refuse(node, key, scalar.shown(), option, binding);
        }
        binding.error(node.place(), key, node.shown() + " (expected: " + expected() + "); write one of these");
        return null;
    }

    private @Nullable Object refuse(
            ConfigNode node, String key, String name, @Nullable ObjectShape option, Binding binding) {
        String mend = option == null
                ? Suggestion.mend(name, options.keySet(), "write one of these")
                : "write " + form(name, option);
        binding.error(node.place(), key, name + " (expected: " + expected() + "); " + mend);
        return null;
    }

    private static String form(String name, ObjectShape option) {
        return option.slots().isEmpty() ? name : "{" + name + ": …}";
    }

    @Override
    public String expected() {
        return options.entrySet().stream()
                .map(option -> form(option.getKey(), option.getValue()))
                .collect(Collectors.joining(" or "));
    }
}
