package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.GatewayConfig.Route;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Resolves the names of a configuration, puts its chains together, and reports names that do not fit. */
final class Resolver {

    private final GatewayConfig config;
    private final Declared declared;
    private final Binding binding;
    private final boolean holes;
    private final NamedUpstreams named;
    private final Set<String> usedChains = new HashSet<>();
    private final Set<String> usedUpstreams = new HashSet<>();
    private final Map<String, ResolvedFile.Url> urls = new LinkedHashMap<>();
    private final Map<String, UpstreamConfig> upstreams;
    private final Map<String, List<ResolvedStep>> off = new LinkedHashMap<>();
    private final Map<BoundFiles.Bound, ResolvedFile> anew = new LinkedHashMap<>();

    /**
     * Names that stand in the files, with the places of their keys; also where what they name is refused, which is
     * reported already.
     */
    record Declared(Map<String, Place> chains, Map<String, Place> upstreams) {}

    /** A list of steps with chains copied in, and the conditions under which each was. */
    private record Placed(Step.Configured step, List<List<GatewayConfig.When>> when) {}

    /** @param holes whether an upstream that a route names may be missing */
    Resolver(GatewayConfig config, Declared declared, Binding binding, boolean holes, NamedUpstreams named) {
        this.holes = holes;
        this.named = named;
        this.config = config;
        this.declared = declared;
        this.binding = binding;
        this.upstreams = new LinkedHashMap<>(config.upstreams());
    }

    /** Resolves one file for another resolver: what it names is noted apart. */
    private Resolver(Resolver all, Binding binding) {
        holes = all.holes;
        named = all.named;
        config = all.config;
        declared = all.declared;
        this.binding = binding;
        upstreams = all.upstreams;
    }

    /**
     * Resolves all.
     *
     * @param own the routes of the main file
     * @param files the included ones, in the order in which their routes follow
     */
    ResolvedConfig resolve(List<Route> own, List<BoundFiles.Bound> files) {
        refuseCycles();
        named(binding.sources().ownSteps());
        List<ResolvedStep> before =
                withoutOff("*", withIds(expand(config.plugins()), Set.of(), "chain before routing"));
        List<ResolvedStep> defaults = withIds(expand(config.defaults().plugins()), Set.of(), "the defaults");
        List<ResolvedRoute> routes = new ArrayList<>(config.routes().size());
        own.forEach(route -> routes.add(route(route, defaults)));
        files.forEach(file -> routes.addAll(resolved(file, defaults).routes()));
        Map<String, List<ResolvedStep>> attempts = new LinkedHashMap<>();
        config.upstreams()
                .forEach((name, upstream) -> attempts.put(
                        name,
                        withoutOff(
                                "upstream:" + name,
                                withIds(expand(upstream.plugins()), Set.of(), "upstream " + name))));
        before.forEach(this::refuseNamed);
        attempts.values().forEach(steps -> steps.forEach(this::refuseNamed));
        return new ResolvedConfig(
                config,
                before,
                List.copyOf(routes),
                Collections.unmodifiableMap(upstreams),
                Collections.unmodifiableMap(attempts),
                Collections.unmodifiableMap(off),
                new Redaction());
    }

    /** The configuration is valid: what its files came to is remembered. */
    void foundValid() {
        anew.forEach(BoundFiles.Bound::resolvedAs);
    }

    private ResolvedFile resolved(BoundFiles.Bound file, List<ResolvedStep> defaults) {
        ResolvedFile known = file.resolved();
        Set<String> names = declared.upstreams().keySet();
        ResolvedFile resolved = known != null && known.holds(defaults, config.chains(), named.catalog(), names)
                ? known
                : anew(file, defaults);
        resolved.urls().forEach(url -> ofUrl(url.place(), url.path()));
        off.putAll(resolved.off());
        usedChains.addAll(resolved.chains().keySet());
        usedUpstreams.addAll(resolved.usedUpstreams());
        return resolved;
    }

    private ResolvedFile anew(BoundFiles.Bound file, List<ResolvedStep> defaults) {
        AtomicInteger told = new AtomicInteger();
        Binding counted = new Binding(
                binding.folder(),
                binding.lenient(),
                problem -> {
                    told.incrementAndGet();
                    binding.problems().accept(problem);
                },
                binding.sources());
        Resolver apart = new Resolver(this, counted);
        apart.named(file.sources.ownSteps());
        List<ResolvedRoute> routes = new ArrayList<>();
        file.part.routes().forEach(route -> routes.add(apart.route(route, defaults)));
        Map<String, List<Step>> chains = new HashMap<>();
        apart.usedChains.forEach(chain -> chains.put(chain, config.chains().getOrDefault(chain, List.of())));
        ResolvedFile resolved = new ResolvedFile(
                defaults,
                chains,
                named.catalog(),
                List.copyOf(routes),
                Collections.unmodifiableMap(apart.off),
                Set.copyOf(apart.usedUpstreams),
                List.copyOf(apart.urls.values()));
        if (told.get() == 0) {
            anew.put(file, resolved);
        }
        return resolved;
    }

    private void named(List<Step> steps) {
        for (Step step : steps) {
            if (step instanceof Step.Configured configured) {
                named.of(configured).forEach(name -> named(configured, name));
            }
        }
    }

    private ResolvedRoute route(Route route, List<ResolvedStep> defaults) {
        String context = "route " + binding.shownName(route);
        List<ResolvedStep> inFront = defaults.stream()
                .map(step -> new ResolvedStep(step.id(), step.step(), step.when(), context))
                .toList();
        Set<String> skipped = skipped(route, inFront);
        Map<String, Place> taken = new HashMap<>();
        inFront.stream()
                .filter(step -> !skipped.contains(step.id()))
                .forEach(step -> taken.put(step.id(), step.step().place()));
        List<Placed> own = expand(route.plugins());
        for (Placed placed : own) {
            String id = placed.step().id();
            if (id != null && taken.containsKey(id)) {
                binding.refuse(
                        placed.step().place(),
                        "id",
                        id,
                        " (expected: an id of its own in " + context + "; the default step at " + taken.get(id)
                                + " has it); rename one");
            }
        }
        List<ResolvedStep> steps = new ArrayList<>();
        inFront.stream().filter(step -> !skipped.contains(step.id())).forEach(steps::add);
        List<ResolvedStep> leftOut = new ArrayList<>(
                inFront.stream().filter(step -> skipped.contains(step.id())).toList());
        steps.addAll(withIds(own, ids(inFront), context));
        List<ResolvedStep> running = withoutOff(route.name(), steps);
        if (running.size() < steps.size()) {
            steps.removeAll(running);
            leftOut.addAll(steps);
        }
        if (route.upstream() == null && running.isEmpty() && !hasRefusedSteps(route) && !isWritten(route, "upstream")) {
            binding.refuse(
                    route.place(),
                    "",
                    binding.shownName(route),
                    " (expected: an upstream, or a step that answers); add upstream: …, or a respond step");
        }
        return new ResolvedRoute(
                route,
                running,
                upstreams(route.upstream()),
                mirror(route.mirror()),
                running.stream()
                        .flatMap(step -> named.of(step.step()).stream())
                        .map(name -> name.name().text())
                        .distinct()
                        .toList(),
                List.copyOf(leftOut));
    }

    /** An upstream that a step names in its settings. */
    private void named(Step.Configured step, NamedUpstreams.Named name) {
        String text = name.name().text();
        usedUpstreams.add(text);
        Set<String> names = declared.upstreams().keySet();
        if (names.contains(text)) {
            return;
        }
        if (holes) {
            missing(text, name.name().place(), path(step, name));
        } else {
            binding.error(
                    name.name().place(),
                    path(step, name),
                    name.name().written() + " (expected: an upstream: " + Suggestion.list(names) + "); "
                            + Suggestion.mend(text, names, "define it under upstreams"));
        }
    }

    private String path(Step.Configured step, NamedUpstreams.Named name) {
        return Sources.join(Sources.join(binding.sources().key(step.place()), step.type()), name.path());
    }

    private void refuseNamed(ResolvedStep step) {
        for (NamedUpstreams.Named name : named.of(step.step())) {
            binding.error(
                    name.name().place(),
                    path(step.step(), name),
                    name.name().written() + " in the " + step.context()
                            + " (expected: under a route, whose steps may send elsewhere); put the step there");
        }
    }

    /** Whether a value stands there, which is refused where it is not bound. */
    private boolean isWritten(Route route, String key) {
        ConfigNode node = binding.sources().node(route.place(), key);
        return node != null && !(node instanceof ConfigNode.Scalar scalar && scalar.isNull());
    }

    /** Whether steps were written that could not be bound: then it is not known what the route does. */
    private boolean hasRefusedSteps(Route route) {
        if (isWritten(route, "plugins")
                && !(binding.sources().node(route.place(), "plugins") instanceof ConfigNode.Sequence)) {
            return true;
        }
        return binding.sources().node(route.place(), "plugins") instanceof ConfigNode.Sequence steps
                && (steps.items().size() > route.plugins().size()
                        || route.plugins().stream()
                                .anyMatch(step -> step instanceof Step.Use use
                                        && !config.chains().containsKey(use.chain())));
    }

    private Set<String> skipped(Route route, List<ResolvedStep> defaults) {
        Set<String> skipped = new HashSet<>();
        for (int i = 0; i < route.skip().size(); i++) {
            String id = route.skip().get(i);
            List<ResolvedStep> named =
                    defaults.stream().filter(step -> step.id().equals(id)).toList();
            if (named.isEmpty()) {
                Collection<String> ids = ids(defaults);
                binding.refuse(
                        route.place(),
                        "skip[" + i + "]",
                        id,
                        " (expected: the id of a default step: " + Suggestion.list(ids) + "); "
                                + Suggestion.mend(id, ids, "remove it"));
            } else if (named.getFirst().step().keys().required()) {
                binding.refuse(
                        route.place(),
                        "skip[" + i + "]",
                        id,
                        " (expected: a step that is not required: true, as this is at "
                                + named.getFirst().step().place() + "); remove it");
            } else {
                skipped.add(id);
            }
        }
        return skipped;
    }

    private static Set<String> ids(List<ResolvedStep> steps) {
        Set<String> ids = new HashSet<>();
        steps.forEach(step -> ids.add(step.id()));
        return ids;
    }

    private List<ResolvedRoute.Part> upstreams(@Nullable Destination destination) {
        if (destination == null) {
            return List.of();
        }
        List<ResolvedRoute.Part> parts = new ArrayList<>();
        if (destination.to() != null) {
            add(upstream(destination.to(), destination.place()), 1, parts);
        }
        Map<String, Place> seen = new HashMap<>();
        for (Destination.Part part : destination.split()) {
            Place first = seen.putIfAbsent(part.to(), part.place());
            if (first != null) {
                binding.refuse(
                        part.place(),
                        "to",
                        part.to(),
                        " (expected: each upstream once; it stands at " + first + "); add the weights up");
            }
            add(upstream(part.to(), part.place()), part.weight(), parts);
        }
        return List.copyOf(parts);
    }

    private static void add(@Nullable String name, int weight, List<ResolvedRoute.Part> parts) {
        if (name != null) {
            parts.add(new ResolvedRoute.Part(name, weight));
        }
    }

    private @Nullable String mirror(Destination.@Nullable Mirror mirror) {
        return mirror == null ? null : upstream(mirror.to(), mirror.place());
    }

    /** @param place of the record whose key {@code to} it is, which may also stand in the record's place */
    private @Nullable String upstream(String name, Place place) {
        String key = binding.sources().node(place, "to") == null ? "" : "to";
        if (name.contains("://")) {
            return ofUrl(place, key);
        }
        usedUpstreams.add(name);
        Set<String> names = declared.upstreams().keySet();
        if (!names.contains(name) && holes) {
            missing(name, place, key, Sources.join(binding.sources().key(place), key));
        } else if (!names.contains(name)) {
            binding.refuse(
                    place,
                    key,
                    name,
                    " (expected: an upstream: " + Suggestion.list(names) + "); "
                            + Suggestion.mend(name, names, "define it under upstreams, or give a URL"));
        }
        return name;
    }

    /** An upstream without targets, so that requests to it are answered with 503. */
    private void missing(String name, Place place, String path, String key) {
        ConfigNode written = binding.sources().node(place, path);
        missing(name, written == null ? place : written.place(), key);
    }

    private void missing(String name, Place place, String key) {
        ConfigNode.Mapping nothing = new ConfigNode.Mapping(
                Map.of("targets", new ConfigNode.Entry(place, new ConfigNode.Sequence(List.of(), place))), place);
        Binding own = new Binding(binding.folder(), false, binding.problems(), new Sources());
        if (RecordShapes.of(UpstreamConfig.class).bind(nothing, name, own) instanceof UpstreamConfig bound) {
            upstreams.put(name, bound);
        }
        binding.warning(
                place, key, name + " is not there (expected: an upstream); requests to it are answered with 503");
    }

    /** An upstream with that only target, under the URL as it was written: it may hold a secret. */
    private @Nullable String ofUrl(Place place, String path) {
        ConfigNode node = binding.sources().node(place, path);
        if (!(node instanceof ConfigNode.Scalar written)) {
            return null;
        }
        String name = written.written();
        urls.putIfAbsent(name, new ResolvedFile.Url(place, path));
        if (upstreams.containsKey(name)) {
            return name;
        }
        ConfigNode.Mapping target =
                new ConfigNode.Mapping(Map.of("url", new ConfigNode.Entry(node.place(), written)), node.place());
        ConfigNode.Mapping upstream = new ConfigNode.Mapping(
                Map.of(
                        "targets",
                        new ConfigNode.Entry(node.place(), new ConfigNode.Sequence(List.of(target), node.place()))),
                node.place());
        String key = path.isEmpty()
                ? binding.sources().key(place)
                : Sources.join(binding.sources().key(place), path);
        Binding own = new Binding(binding.folder(), false, binding.problems(), new Sources());
        if (RecordShapes.of(UpstreamConfig.class).bind(upstream, key, own) instanceof UpstreamConfig bound) {
            GatewayCheck.target(bound.targets().getFirst(), written, key, binding);
            upstreams.put(name, bound);
        }
        return name;
    }

    private List<Placed> expand(List<Step> steps) {
        if (steps.isEmpty()) {
            return List.of();
        }
        List<Placed> placed = new ArrayList<>();
        expand(steps, List.of(), new ArrayList<>(), placed);
        return placed;
    }

    private void expand(List<Step> steps, List<List<GatewayConfig.When>> when, List<String> open, List<Placed> placed) {
        for (Step step : steps) {
            List<List<GatewayConfig.When>> conditions = new ArrayList<>(when);
            if (!step.when().isEmpty()) {
                conditions.add(step.when());
            }
            switch (step) {
                case Step.Configured configured -> placed.add(new Placed(configured, List.copyOf(conditions)));
                case Step.Use use -> {
                    usedChains.add(use.chain());
                    Set<String> names = declared.chains().keySet();
                    if (!names.contains(use.chain())) {
                        binding.refuse(
                                use.place(),
                                "use",
                                use.chain(),
                                " (expected: a chain: " + Suggestion.list(names) + "); "
                                        + Suggestion.mend(use.chain(), names, "define it under chains"));
                    } else if (!open.contains(use.chain())) {
                        open.add(use.chain());
                        expand(config.chains().getOrDefault(use.chain(), List.of()), conditions, open, placed);
                        open.removeLast();
                    }
                }
            }
        }
    }

    private void refuseCycles() {
        config.chains().forEach((name, steps) -> refuseCycle(name, steps, new ArrayList<>(List.of(name))));
    }

    private void refuseCycle(String start, List<Step> steps, List<String> way) {
        for (Step step : steps) {
            if (step instanceof Step.Use use) {
                if (use.chain().equals(start)) {
                    binding.refuse(
                            use.place(),
                            "use",
                            start,
                            ", as " + String.join(" uses ", way) + " uses " + start
                                    + " (expected: a chain that does not lead back); remove this use");
                } else if (!way.contains(use.chain())) {
                    way.add(use.chain());
                    refuseCycle(start, config.chains().getOrDefault(use.chain(), List.of()), way);
                    way.removeLast();
                }
            }
        }
    }

    /** Gives each step its id: as written, or its type, or {@code type-2} and so on. */
    private List<ResolvedStep> withIds(List<Placed> steps, Set<String> others, String context) {
        if (steps.isEmpty()) {
            return List.of();
        }
        Map<String, Place> written = new HashMap<>();
        for (Placed placed : steps) {
            String id = placed.step().id();
            if (id == null) {
                continue;
            }
            Place first = written.putIfAbsent(id, placed.step().place());
            if (first != null) {
                binding.refuse(
                        placed.step().place(),
                        "id",
                        id,
                        " (expected: an id of its own in " + context + "; the step at " + first
                                + " has it); rename one, or use the chain once");
            }
        }
        Set<String> taken = new HashSet<>(others);
        taken.addAll(written.keySet());
        List<ResolvedStep> resolved = new ArrayList<>();
        for (Placed placed : steps) {
            String id = placed.step().id();
            for (int number = 1; id == null; number++) {
                String candidate = placed.step().type() + (number == 1 ? "" : "-" + number);
                id = taken.add(candidate) ? candidate : null;
            }
            resolved.add(new ResolvedStep(id, placed.step(), placed.when(), context));
        }
        return resolved;
    }

    private List<ResolvedStep> withoutOff(String place, List<ResolvedStep> steps) {
        List<ResolvedStep> running = new ArrayList<>(steps);
        running.removeIf(step -> step.step().keys().mode() == StepKeys.Mode.OFF);
        if (running.size() < steps.size()) {
            List<ResolvedStep> left = new ArrayList<>(steps);
            left.removeIf(step -> step.step().keys().mode() != StepKeys.Mode.OFF);
            off.put(place, List.copyOf(left));
        }
        return List.copyOf(running);
    }

    /** To be called where all else is right: a misspelt name leaves another one unused. */
    void warnOfUnused() {
        declared.chains().forEach((name, place) -> unused("chains", name, place, usedChains));
        declared.upstreams().forEach((name, place) -> unused("upstreams", name, place, usedUpstreams));
    }

    private void unused(String section, String name, Place place, Set<String> used) {
        if (!used.contains(name)) {
            binding.find(
                    LintRule.UNUSED_NAME,
                    place,
                    section + "." + name,
                    name + " is not used (expected: a use of each name); use it, or remove it");
        }
    }
}
