package dev.sallyport.kernel.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A credential of a consumer: its type and, not bound yet, its settings. */
record CredentialShape() implements Shape {

    @Override
    public @Nullable Object bind(ConfigNode node, String key, Binding binding) {
        if (node instanceof ConfigNode.Mapping mapping && mapping.entries().size() == 1) {
            Map.Entry<String, ConfigNode.Entry> only =
                    mapping.entries().entrySet().iterator().next();
            binding.sources().add(key, node);
            ConfigNode settings = StepShape.settings(only.getValue().value());
            return binding.sources().add(new CredentialConfig(only.getKey(), settings, node.place()));
        }
        binding.error(node.place(), key, node.shown() + " (expected: " + expected() + "); write {key-auth: {…}}");
        return null;
    }

    @Override
    public String expected() {
        return "a mapping with one credential type";
    }
}
