package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ConfigProblem.Severity;
import dev.sallyport.kernel.config.TypeCatalog.OfferedType;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges each step, credential and service as it is written: its type, its version, its settings by the type's schema. */
final class StepCheck {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern VERSION =
            Pattern.compile("[~^]?(0|[1-9]\\d{0,8})(\\.(0|[1-9]\\d{0,8})){0,2}(-[0-9A-Za-z.-]+)?");

    private final TypeCatalog catalog;
    private final boolean tolerateMissing;
    private final GatewayCheck gateway;
    private final Binding binding;
    private final Predicate<Place> known;
    private final Binder binder = new Binder();

    /**
     * @param tolerateMissing whether a type that no plugin offers is a warning only
     * @param known whether a step was judged before with nothing to tell, as far as it and the catalogue say
     */
    StepCheck(
            TypeCatalog catalog,
            boolean tolerateMissing,
            GatewayCheck gateway,
            Binding binding,
            Predicate<Place> known) {
        this.known = known;
        this.catalog = catalog;
        this.tolerateMissing = tolerateMissing;
        this.gateway = gateway;
        this.binding = binding;
    }

    void run() {
        for (Step step : binding.sources().steps()) {
            boolean apart = step instanceof Step.Configured configured
                    && configured.canary() != null; // which names consumers of other files
            if (apart || !known.test(step.place())) {
                judge(step);
            }
        }
        binding.sources().credentials().forEach(this::credential);
        binding.sources().services().forEach(this::service);
    }

    private void judge(Step step) {
        gateway.conditions(step.when());
        if (step instanceof Step.Configured configured) {
            step(configured);
        }
    }

    private void step(Step.Configured step) {
        named(step.id(), "id", step.place());
        named(step.keys().share(), "share", step.place());
        if (isVersion(step.version(), step.place())) {
            String key = Sources.join(binding.sources().key(step.place()), step.type());
            Place written = keyPlace(step.place(), step.type());
            judge("filter", step.type(), step.version(), step.config(), step.place(), key, written);
        }
        Canary canary = step.keys().canary();
        if (canary != null) {
            canary(canary, Objects.requireNonNull(step.canary()));
        }
        failing(step);
    }

    private boolean isVersion(@Nullable String version, Place place) {
        if (version == null || VERSION.matcher(version).matches()) {
            return true;
        }
        binding.refuse(
                place, "version", version, " (expected: a version such as 1.4.0, ~1.4 or ^1); write digits and dots");
        return false;
    }

    private void canary(Canary canary, Step.Configured step) {
        Place place = canary.place();
        gateway.conditions(canary.when());
        if (canary.version() == null && canary.config() == null) {
            binding.refuse(
                    place,
                    "",
                    "nothing else",
                    " (expected: another version, or other settings); add version or config");
        }
        if (binding.sources().node(place, "share") == null
                && canary.when().isEmpty()
                && canary.consumers().isEmpty()) {
            binding.refuse(
                    place,
                    "",
                    "no requests",
                    " (expected: which requests it takes: share, when or consumers); add share: 5%");
        }
        if (canary.by() != null && canary.share() == null) {
            binding.refuse(place, "by", canary.by(), " (expected: beside share); add share, or remove it");
        }
        Set<String> callers = gateway.callers();
        for (int i = 0; i < canary.consumers().size(); i++) {
            String caller = canary.consumers().get(i);
            if (!callers.contains(caller)) {
                binding.refuse(
                        place,
                        "consumers[" + i + "]",
                        caller,
                        " (expected: the name or a group of a consumer: " + Suggestion.list(callers) + "); "
                                + Suggestion.mend(caller, callers, "add the consumer, or remove it"));
            }
        }
        if (isVersion(canary.version(), place)) {
            String key = binding.sources().key(place);
            judge(
                    "filter",
                    step.type(),
                    step.version(),
                    step.config(),
                    place,
                    canary.config() == null ? key : Sources.join(key, "config"),
                    place);
        }
    }

    /** What fails has judged nothing: where a step decides access, that is for somebody to accept. */
    private void failing(Step.Configured step) {
        StepKeys keys = step.keys();
        boolean skips = keys.onError() == StepKeys.OnError.SKIP;
        if (keys.failOpen() != null && !skips) {
            binding.refuse(
                    step.place(), "failOpen", "accepted", " (expected: beside onError: skip); remove it, or add that");
        }
        if (skips && keys.failOpen() == null) {
            if (decidesAccess(step) || decidesAccess(step.canary())) {
                binding.refuse(
                        step.place(),
                        "onError",
                        "skip",
                        " (expected: fail, since " + step.type()
                                + " decides access, and whatever makes it fail would let everybody in); remove it, or"
                                + " add failOpen: accepted");
            }
        }
    }

    private void named(@Nullable String name, String key, Place place) {
        if (name != null && !ID.matcher(name).matches()) {
            binding.refuse(place, key, name, " (expected: letters, digits, dot, dash and underscore); rename it");
        } else if (name != null) {
            GatewayCheck.refuseReference(key, name, place, binding);
        }
    }

    private boolean decidesAccess(Step.@Nullable Configured step) {
        OfferedType offered = step == null ? null : catalog.find("filter", step.type(), step.version());
        return offered != null && offered.traits().decidesAccess();
    }

    private void credential(CredentialConfig credential) {
        Place place = credential.place();
        String type = credential.type();
        String key = Sources.join(binding.sources().key(place), type);
        judge("credential", type, null, credential.config(), place, key, keyPlace(place, type));
    }

    private void service(ServiceConfig service) {
        Place place = service.place();
        String type = service.type();
        if (isVersion(service.version(), place)) {
            String key = Sources.join(binding.sources().key(place), type);
            judge(
                    catalog.servicePoint(type),
                    type,
                    service.version(),
                    service.config(),
                    place,
                    key,
                    keyPlace(place, type));
        }
    }

    /**
     * Judges settings.
     *
     * @param place the record that names type or version
     * @param written where to say that there is no such type
     */
    private void judge(
            String point,
            String type,
            @Nullable String version,
            ConfigNode config,
            Place place,
            String path,
            Place written) {
        String key = path;
        OfferedType offered = catalog.find(point, type, version);
        if (offered != null) {
            binder.judge(config, offered.schema(), key, binding.folder(), binding.problems());
            return;
        }
        OfferedType other = version == null ? null : catalog.find(point, type, null);
        Place at = written;
        String message;
        if (other != null) {
            key = Sources.join(binding.sources().key(place), "version");
            ConfigNode named = binding.sources().node(place, "version");
            at = named == null ? at : named.place();
            message = version + " (expected: a version that is installed; " + other.plugin() + " is there in "
                    + other.version() + "); install it, or change the version";
        } else {
            boolean service = point.equals(TypeCatalog.SOME_SERVICE) || TypeCatalog.SERVICES.contains(point);
            Set<String> names = new TreeSet<>();
            (service ? TypeCatalog.SERVICES : List.of(point)).forEach(each -> names.addAll(catalog.names(each)));
            String refusal = catalog.refusal(point, type);
            message =
                    type + " (expected: a " + (service ? "service" : point) + " type that an installed plugin offers: "
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
