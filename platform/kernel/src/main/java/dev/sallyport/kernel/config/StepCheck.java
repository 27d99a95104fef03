package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ConfigProblem.Severity;
import dev.sallyport.kernel.config.TypeCatalog.OfferedType;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges each step and credential as it is written: its type, its version, its settings by the type's schema. */
final class StepCheck {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern VERSION =
            Pattern.compile("[~^]?(0|[1-9]\\d{0,8})(\\.(0|[1-9]\\d{0,8})){0,2}(-[0-9A-Za-z.-]+)?");

    private final TypeCatalog catalog;
    private final boolean tolerateMissing;
    private final GatewayCheck gateway;
    private final Binding binding;

    /** @param tolerateMissing whether a type that no plugin offers is a warning only */
    StepCheck(TypeCatalog catalog, boolean tolerateMissing, GatewayCheck gateway, Binding binding) {
        this.catalog = catalog;
        this.tolerateMissing = tolerateMissing;
        this.gateway = gateway;
        this.binding = binding;
    }

    void run() {
        for (Step step : binding.sources().steps()) {
            gateway.matches(step.when());
            if (step instanceof Step.Configured configured) {
                step(configured);
            }
        }
        binding.sources().credentials().forEach(this::credential);
    }

    private void step(Step.Configured step) {
        named(step.id(), "id", step.place());
        named(step.share(), "share", step.place());
        String version = step.version();
        if (version != null && !VERSION.matcher(version).matches()) {
            binding.refuse(
                    step.place(),
                    "version",
                    version,
                    " (expected: a version such as 1.4.0, ~1.4 or ^1); write digits and dots");
            return;
        }
        judge("filter", step.type(), version, step.config(), step.place());
    }

    private void named(@Nullable String name, String key, Place place) {
        if (name != null && !ID.matcher(name).matches()) {
            binding.refuse(place, key, name, " (expected: letters, digits, dot, dash and underscore); rename it");
        } else if (name != null) {
            GatewayCheck.refuseReference(key, name, place, binding);
        }
    }

    private void credential(CredentialConfig credential) {
        judge("credential", credential.type(), null, credential.config(), credential.place());
    }

    private void judge(String point, String type, @Nullable String version, ConfigNode config, Place place) {
        String key = Sources.join(binding.sources().key(place), type);
        OfferedType offered = catalog.find(point, type, version);
        if (offered != null) {
            Binder.judge(config, offered.schema(), key, binding.folder(), binding.problems());
            return;
        }
        OfferedType other = version == null ? null : catalog.find(point, type, null);
        Place at = keyPlace(place, type);
        String message;
        if (other != null) {
            key = Sources.join(binding.sources().key(place), "version");
            ConfigNode written = binding.sources().node(place, "version");
            at = written == null ? at : written.place();
            message = version + " (expected: a version that is installed; " + other.plugin() + " is there in "
                    + other.version() + "); install it, or change the version";
        } else {
            Set<String> names = catalog.names(point);
            String refusal = catalog.refusal(point, type);
            message = type + " (expected: a " + point + " type that an installed plugin offers: "
                    + Suggestion.list(names) + "); "
                    + (refusal == null ? Suggestion.mend(type, names, "install its plugin") : refusal);
        }
        Severity severity = tolerateMissing ? Severity.WARNING : Severity.ERROR;
        binding.problems().accept(new ConfigProblem(severity, at, key, message));
    }

    private Place keyPlace(Place record, String key) {
        ConfigNode node = binding.sources().node(record, "");
        ConfigNode.Entry entry =
                node instanceof ConfigNode.Mapping mapping ? mapping.entries().get(key) : null;
        return entry == null ? record : entry.key();
    }
}
