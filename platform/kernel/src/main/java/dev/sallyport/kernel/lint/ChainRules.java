package dev.sallyport.kernel.lint;

import dev.sallyport.kernel.config.LintRule;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.Sources;
import dev.sallyport.kernel.config.Step;
import dev.sallyport.kernel.config.StepKeys;
import dev.sallyport.kernel.config.Traits;
import dev.sallyport.kernel.config.TypeCatalog;
import dev.sallyport.kernel.config.TypeCatalog.OfferedType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Steps that stand in the wrong order, or without what they need. It knows no plugin: what a step does is what its type
 * says of it, and what its settings read is told by their schema.
 */
final class ChainRules {

    private static final Traits NOTHING = new Traits(false, false, Set.of(), Set.of(), false, false);
    private static final Settings EMPTY = new Settings(List.of(), true);

    private final ResolvedConfig config;
    private final Sources sources;
    private final TypeCatalog catalog;
    private final Consumer<Finding> found;
    private final IdentityHashMap<Step.Configured, Facts> facts = new IdentityHashMap<>();
    private final Map<Spot, Hit> hits = new LinkedHashMap<>();

    /** What is known of a step, wherever its chain is used. */
    private record Facts(Traits traits, Settings settings) {}

    private record Spot(LintRule rule, Place place) {}

    /** A finding, and in how many chains. */
    private record Hit(String key, String what, String mend, int chains) {}

    /** What the steps so far in a chain have done. */
    private static final class State {
        final Set<String> provided = new HashSet<>();
        final Map<String, ResolvedStep> monitored = new LinkedHashMap<>();

        @Nullable
        ResolvedStep identifies;

        @Nullable
        ResolvedStep cache;

        boolean limitTellsApart;

        State copy() {
            State copy = new State();
            copy.provided.addAll(provided);
            copy.monitored.putAll(monitored);
            copy.identifies = identifies;
            copy.cache = cache;
            copy.limitTellsApart = limitTellsApart;
            return copy;
        }
    }

    ChainRules(ResolvedConfig config, Sources sources, TypeCatalog catalog, Consumer<Finding> found) {
        this.config = config;
        this.sources = sources;
        this.catalog = catalog;
        this.found = found;
    }

    void run() {
        State before = new State();
        chain(config.before(), before);
        for (ResolvedRoute route : config.routes()) {
            State state = before.copy();
            chain(route.steps(), state);
            for (String upstream : route.upstreamNames()) {
                order(config.upstreamSteps().getOrDefault(upstream, List.of()), state.copy());
            }
        }
        hits.forEach((spot, hit) -> found.accept(new Finding(
                spot.rule(),
                spot.place(),
                hit.key(),
                hit.what() + (hit.chains() > 1 ? ", here and in " + (hit.chains() - 1) + " more chains" : "") + "; "
                        + hit.mend())));
    }

    private void chain(List<ResolvedStep> steps, State state) {
        order(steps, state);
        limits(steps, state);
    }

    private void order(List<ResolvedStep> steps, State state) {
        for (ResolvedStep step : steps) {
            Facts of = facts(step.step());
            reads(step, of, state);
            access(step, of.traits(), state);
            caches(step, of, state);
            for (String name : of.traits().provides()) {
                if (isEnforced(step)) {
                    state.provided.add(name);
                } else {
                    state.monitored.putIfAbsent(name, step);
                }
            }
        }
    }

    private void reads(ResolvedStep step, Facts of, State state) {
        List<Settings.Read> reads = new ArrayList<>(of.settings().reads());
        of.traits()
                .reads()
                .forEach(name -> reads.add(new Settings.Read(name, step.step().place(), "")));
        for (Settings.Read read : reads) {
            ResolvedStep monitored = state.monitored.get(read.name());
            if (state.provided.contains(read.name()) || (monitored != null && !isEnforced(step))) {
                continue;
            }
            String key = key(step, read.key());
            if (monitored == null) {
                hit(
                        LintRule.NOTHING_PROVIDES,
                        read.place(),
                        key,
                        step.id() + " reads " + read.name() + ", which no step before it in " + step.context()
                                + " provides",
                        "put it behind a step that does, such as " + providers(read.name()));
            } else {
                hit(
                        LintRule.MONITORED_PROVIDER,
                        read.place(),
                        key,
                        step.id() + " reads " + read.name() + ", which only the monitored step " + monitored.id()
                                + " at " + monitored.step().place() + " provides, so that it runs without it",
                        "enforce that step, or monitor this one too");
            }
        }
    }

    private String providers(String name) {
        List<String> types = catalog.names("filter").stream()
                .sorted()
                .filter(type -> {
                    OfferedType offered = catalog.find("filter", type, null);
                    return offered != null && offered.traits().provides().contains(name);
                })
                .limit(5)
                .toList();
        return types.isEmpty() ? "a plugin's that provides " + name : String.join(" or ", types);
    }

    private void access(ResolvedStep step, Traits traits, State state) {
        if (!traits.decidesAccess()) {
            return;
        }
        ResolvedStep cache = state.cache;
        if (cache != null) {
            hit(
                    LintRule.CACHE_BEFORE_ACCESS,
                    cache.step().place(),
                    key(cache, ""),
                    cache.id() + " stands before " + step.id() + " at "
                            + step.step().place() + " in " + step.context()
                            + ": what it holds is answered to callers whom " + step.id() + " has not judged",
                    "put it behind " + step.id());
        }
        if (isEnforced(step) && traits.provides().contains("consumer") && state.identifies == null) {
            state.identifies = step;
        }
    }

    private void caches(ResolvedStep step, Facts of, State state) {
        if (!of.traits().caches()) {
            return;
        }
        ResolvedStep identifies = state.identifies;
        if (identifies != null && !of.settings().tellsApart()) {
            hit(
                    LintRule.SHARED_CACHE,
                    step.step().place(),
                    key(step, ""),
                    step.id() + " stands behind " + identifies.id() + " at "
                            + identifies.step().place() + " and tells no callers apart: what one may see, the next one"
                            + " gets",
                    "give it a key by which callers differ, such as consumer");
        }
        if (state.cache == null) {
            state.cache = step;
        }
    }

    /** A limit for all is one for each caller's good where another limit of the chain tells them apart. */
    private void limits(List<ResolvedStep> steps, State state) {
        List<ResolvedStep> limits = steps.stream()
                .filter(step -> facts(step.step()).traits().limits())
                .toList();
        state.limitTellsApart |=
                limits.stream().anyMatch(step -> facts(step.step()).settings().tellsApart());
        if (state.limitTellsApart) {
            return;
        }
        for (ResolvedStep step : limits) {
            hit(
                    LintRule.LIMIT_FOR_ALL,
                    step.step().place(),
                    key(step, ""),
                    step.id() + " counts all callers of " + step.context() + " together: one of them can use it up for"
                            + " everybody",
                    "say by what it counts, such as by: client.address, or add such a limit");
        }
    }

    private void hit(LintRule rule, Place place, String key, String what, String mend) {
        hits.merge(
                new Spot(rule, place),
                new Hit(key, what, mend, 1),
                (first, again) -> new Hit(first.key(), first.what(), first.mend(), first.chains() + 1));
    }

    /** The path of a key of a step's settings. */
    private String key(ResolvedStep step, String below) {
        String own = sources.key(step.step().place());
        return Sources.join(own, Sources.join(step.step().type(), below));
    }

    private Facts facts(Step.Configured step) {
        return facts.computeIfAbsent(step, this::judge);
    }

    private Facts judge(Step.Configured step) {
        OfferedType offered = catalog.find("filter", step.type(), step.version());
        if (offered == null) {
            return new Facts(NOTHING, EMPTY);
        }
        return new Facts(offered.traits(), Settings.of(step.config(), offered.schema()));
    }

    /** Steps that are off stand in no chain. */
    private static boolean isEnforced(ResolvedStep step) {
        return step.step().keys().mode() == StepKeys.Mode.ENFORCE;
    }
}
