package dev.sallyport.kernel.config;

import java.util.List;
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
            ConfigNode settings = unshown(StepShape.settings(only.getValue().value()));
            return binding.sources().add(new CredentialConfig(only.getKey(), settings, node.place()));
        }
        binding.error(node.place(), key, node.shown() + " (expected: " + expected() + "); write {key-auth: {…}}");
        return null;
    }

    /** A bare value here is a secret, or takes the place of one. */
    private static ConfigNode unshown(ConfigNode settings) {
        return settings
                                instanceof
                                ConfigNode.Scalar(
                                        String text,
                                        String written,
                                        boolean quoted,
                                        Place place,
                                        List<String> secrets)
                        && secrets.isEmpty()
                ? new ConfigNode.Scalar(text, "***", quoted, place, List.of(text))
                : settings;
    }

    @Override
    public String expected() {
        return "a mapping with one credential type";
    }
}
