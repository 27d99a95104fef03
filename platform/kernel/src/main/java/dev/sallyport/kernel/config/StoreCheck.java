package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.TypeCatalog.OfferedType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The stores that steps name in their settings: there is one of each name. */
final class StoreCheck {

    private final TypeCatalog catalog;
    private final Binding binding;
    private final Set<String> stores = new TreeSet<>(Set.of("memory"));
    private final Map<String, List<String>> keys = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    StoreCheck(GatewayConfig config, TypeCatalog catalog, Binding binding) {
        this.catalog = catalog;
        this.binding = binding;
        for (ServiceConfig service : config.services()) {
            if (catalog.mayServe("store", service.type())) {
                stores.add(service.name());
            }
        }
    }

    /** Checks them all, and tells which names steps give. */
    Set<String> run() {
        for (Step step : binding.sources().steps()) {
            if (step instanceof Step.Configured configured) {
                step(configured);
                if (configured.canary() != null) {
                    step(configured.canary());
                }
            }
        }
        return used;
    }

    private void step(Step.Configured step) {
        for (String key : keys(step.type(), step.version())) {
            if (step.config() instanceof ConfigNode.Mapping settings
                    && settings.get(key) instanceof ConfigNode.Scalar name) {
                used.add(name.text());
                if (!stores.contains(name.text())) {
                    String path = Sources.join(Sources.join(binding.sources().key(step.place()), step.type()), key);
                    binding.error(
                            name.place(),
                            path,
                            name.written() + " (expected: the name of a store: "
                                    + Suggestion.list(stores) + "); "
                                    + Suggestion.mend(name.text(), stores, "define it under services"));
                }
            }
        }
    }

    /** The keys of a type that name stores. */
    private List<String> keys(String type, @Nullable String version) {
        return keys.computeIfAbsent(type + " " + version, first -> {
            List<String> found = new ArrayList<>();
            OfferedType offered = catalog.find("filter", type, version);
            if (offered != null) {
                offered.schema().path("properties").forEachEntry((key, property) -> {
                    if (property.path("x-store").asBoolean(false)) {
                        found.add(key);
                    }
                });
            }
            return found;
        });
    }
}
