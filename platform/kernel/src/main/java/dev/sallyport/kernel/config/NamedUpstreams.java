package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.TypeCatalog.OfferedType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the upstreams that steps name in their settings. */
final class NamedUpstreams {

    private final TypeCatalog catalog;

    /**
     * Where a step names one.
     *
     * @param path of the key within the step's settings
     */
    record Named(ConfigNode.Scalar name, String path) {}

    NamedUpstreams(TypeCatalog catalog) {
        this.catalog = catalog;
    }

    TypeCatalog catalog() {
        return catalog;
    }

    /** In a step's settings and its canary's, in their order, each place once. */
    List<Named> of(Step.Configured step) {
        List<Named> found = new ArrayList<>();
        find(step, found);
        if (step.canary() != null) {
            find(step.canary(), found);
        }
        return found;
    }

    private void find(Step.Configured step, List<Named> found) {
        OfferedType offered = catalog.find("filter", step.type(), step.version());
        if (offered != null && step.config() instanceof ConfigNode.Mapping settings) {
            find(offered.schema(), settings, "", found);
        }
    }

    private static void find(@Nullable JsonNode schema, ConfigNode node, String path, List<Named> found) {
        if (schema == null) {
            return;
        }
        schema.path("anyOf").forEach(form -> find(form, node, path, found));
        schema.path("oneOf").forEach(choice -> find(choice, node, path, found));
        switch (node) {
            case ConfigNode.Scalar scalar -> {
                boolean known =
                        found.stream().anyMatch(named -> named.name().place().equals(scalar.place()));
                if (schema.path("x-upstream").asBoolean(false) && !known && !scalar.isNull()) {
                    found.add(new Named(scalar, path));
                }
            }
            case ConfigNode.Mapping mapping ->
                mapping.entries().forEach((key, entry) -> {
                    JsonNode of = schema.path("properties").get(key);
                    find(
                            of == null ? schema.get("additionalProperties") : of,
                            entry.value(),
                            Sources.join(path, key),
                            found);
                });
            case ConfigNode.Sequence sequence -> {
                for (int i = 0; i < sequence.items().size(); i++) {
                    find(schema.get("items"), sequence.items().get(i), path + "[" + i + "]", found);
                }
            }
        }
    }
}
