package dev.sallyport.kernel.chain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.Next;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.canary.Trial;
import dev.sallyport.kernel.canary.Verdict;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.discovery.Discovered;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.step.StepInstance;
import dev.sallyport.kernel.step.StepKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A configuration compiled: routes, chains and the filters in them, swapped in and out as a whole. An exchange runs from
 * begin to end on the generation that it began with, and holds it meanwhile.
 *
 * <p>It starts with one hold, that of serving; {@link #retire} gives that up. When the last hold is gone it is drained:
 * nobody can acquire it again, and its filters may be closed.
 */
public final class Generation {

    private final int number;
    private final ResolvedConfig config;
    private final Next entry;
    private final Map<String, Next> others;
    private final int slots;
    private final Map<String, Set<StepInstance>> stepsByPlace;
    private final Map<StepKey, StepInstance> steps;
    private final Set<Artefact> artefacts;
    private final Map<String, TargetGroup> groups;
    private final Discovered discovered;
    private final List<Exporter> exporters;
    private final Map<String, Trial> trials;
    private final Map<String, Verdict> verdicts;
    private final List<String> degraded;
    private final Beside beside;
    private final KeptRoutes.Made made;
    private final Clock clock;
    private final Runnable onDrained;
    private final AtomicInteger holds = new AtomicInteger(1);
    private boolean disposed;

    /** By name; made when they are asked for, since few generations are. */
    private volatile @Nullable Map<String, ResolvedRoute> routes;

    /**
     * @param entry the first step before routing
     * @param slots how many steps the longest way through it has
     * @param stepsByPlace all filters in it, by what they belong to: the route's name, {@code *} for the steps before
     *     routing, or {@code upstream:} and a name
     * @param steps the same, each once
     * @param artefacts the plugins in it
     * @param others the ways to upstreams that steps name, by the upstream's name
     * @param groups the targets of upstreams, by name
     * @param discovered the services in it, and the targets that they tell
     * @param exporters what hears of its exchanges
     * @param trials what is tried in it, by name
     * @param verdicts what was decided of the canaries in it, by the name of the trial
     * @param degraded what does not work in it, in a sentence each: routes whose plugin is missing
     * @param made what the generation after it may take over
     * @param beside runs what its steps have done beside their exchanges
     * @param onDrained called once, when it is retired and the last exchange has left
     */
    Generation(
            int number,
            ResolvedConfig config,
            Next entry,
            Map<String, Next> others,
            int slots,
            Map<String, Set<StepInstance>> stepsByPlace,
            Map<StepKey, StepInstance> steps,
            Set<Artefact> artefacts,
            Map<String, TargetGroup> groups,
            Discovered discovered,
            List<Exporter> exporters,
            Map<String, Trial> trials,
            Map<String, Verdict> verdicts,
            List<String> degraded,
            KeptRoutes.Made made,
            Beside beside,
            Clock clock,
            Runnable onDrained) {
        this.number = number;
        this.config = config;
        this.entry = entry;
        this.others = Map.copyOf(others);
        this.slots = slots;
        // Not copied, since they are many, and nobody adds to them any more.
        this.stepsByPlace = Collections.unmodifiableMap(stepsByPlace);
        this.steps = Collections.unmodifiableMap(steps);
        this.artefacts = Set.copyOf(artefacts);
        this.groups = Map.copyOf(groups);
        this.discovered = discovered;
        this.exporters = List.copyOf(exporters);
        this.trials = Map.copyOf(trials);
        this.verdicts = Map.copyOf(verdicts);
        this.degraded = List.copyOf(degraded);
        this.beside = beside;
        this.made = made;
        this.clock = clock;
        this.onDrained = onDrained;
    }

    Beside beside() {
        return beside;
    }

    /** 1 for the first since the gateway was installed. */
    public int number() {
        return number;
    }

    /** What it was compiled from. */
    public ResolvedConfig config() {
        return config;
    }

    /** What hears of its exchanges, in the order of the configuration. */
    public List<Exporter> exporters() {
        return exporters;
    }

    /**
     * Does something with what carries telemetry outside, which stays open meanwhile.
     *
     * @return what that gave; null where there are none, or no more
     */
    public <T> @Nullable T withExporters(Function<List<Exporter>, @Nullable T> use) {
        if (exporters.isEmpty() || !tryAcquire()) {
            return null;
        }
        try {
            return use.apply(exporters);
        } finally {
            release();
        }
    }

    /** The way in: the steps before routing, then the route. */
    public Next entry() {
        return entry;
    }

    /** The plugins in it. */
    public Set<Artefact> artefacts() {
        return artefacts;
    }

    /** The scripts in it: the bytes of each file, by name relative to the scripts folder. */
    public Map<String, byte[]> scripts() {
        Map<String, byte[]> files = new TreeMap<>();
        steps.values().forEach(step -> step.scripts().forEach(script -> files.putAll(script.files())));
        return files;
    }

    /** The canaries of which nothing is decided, by the name of the trial: {@code orders/rate-limit}. */
    public Map<String, Trial> trials() {
        return trials;
    }

    /** What was decided of other canaries, by the same names. */
    public Map<String, Verdict> verdicts() {
        return verdicts;
    }

    /** What does not work in it, in a sentence each. */
    public List<String> degraded() {
        List<String> all = new ArrayList<>(degraded);
        all.addAll(discovered.degraded());
        return all;
    }

    /** Its upstreams take the targets that they discover, from now on; waits for first lists, no longer than that. */
    public void discover(Duration bound) {
        discovered.start(groups, bound);
    }

    /** The services in it, and the targets that they tell. */
    public Discovered discovered() {
        return discovered;
    }

    /** How many exchanges run on it. */
    public int exchanges() {
        return Math.max(0, holds.get() - 1);
    }

    /** The way to an upstream that steps name; null where none does. */
    @Nullable
    Next other(String upstream) {
        return others.get(upstream);
    }

    int slots() {
        return slots;
    }

    /** The filters of a place: a route's name, {@code *}, or {@code upstream:} and a name. */
    Set<StepInstance> steps(String place) {
        return stepsByPlace.getOrDefault(place, Set.of());
    }

    /** The route of that name; null where there is none. */
    public @Nullable ResolvedRoute route(String name) {
        return routes().get(name);
    }

    private Map<String, ResolvedRoute> routes() {
        Map<String, ResolvedRoute> known = routes;
        if (known == null) {
            known = config.routes().stream()
                    .collect(Collectors.toMap(route -> route.route().name(), route -> route));
            routes = known;
        }
        return known;
    }

    /** All filters in it, by what makes them the same after a reload. */
    public Map<StepKey, StepInstance> steps() {
        return steps;
    }

    /** What the generation after it may take over. */
    KeptRoutes.Made made() {
        return made;
    }

    /**
     * Whether the way of an exchange that began on an earlier generation is the same here: its route to the same upstream,
     * the target that it has reached, and on the way the same filters, none more and none less. While it is in its chain,
     * the route must have been chosen.
     */
    public boolean hasWayOf(LiveExchange exchange) {
        Generation from = exchange.generation();
        String route = exchange.route();
        if (route == null) {
            return exchange.isAnswered() && hasSameSteps(from, "*");
        }
        ResolvedRoute before = from.routes().get(route);
        ResolvedRoute now = routes().get(route);
        return before != null
                && now != null
                && before.upstreamNames().equals(now.upstreamNames())
                && before.others().equals(now.others())
                && hasTarget(exchange.attempt())
                && hasSameSteps(from, "*")
                && hasSameSteps(from, route)
                && now.upstreamNames().stream().allMatch(upstream -> hasSameSteps(from, "upstream:" + upstream))
                && now.others().stream().allMatch(upstream -> hasSameSteps(from, "upstream:" + upstream))
                && (exchange.isAnswered() || hasSameMirror(from, before, now));
    }

    /** While it is in its chain, a copy may still be made. */
    private boolean hasSameMirror(Generation from, ResolvedRoute before, ResolvedRoute now) {
        String mirror = before.mirror();
        return mirror == null || (mirror.equals(now.mirror()) && hasSameSteps(from, "upstream:" + mirror));
    }

    private boolean hasSameSteps(Generation from, String place) {
        return stepsByPlace.getOrDefault(place, Set.of()).equals(from.stepsByPlace.getOrDefault(place, Set.of()));
    }

    private boolean hasTarget(@Nullable Attempt attempt) {
        return attempt == null
                || known(groups, attempt.upstream()).targets().stream()
                        .anyMatch(target -> target.url().equals(attempt.target()));
    }

    private static <T> T known(Map<String, T> byName, String name) {
        return Objects.requireNonNull(byName.get(name), name); // the reader has resolved all names
    }

    /** The targets of its upstreams, by name. */
    public Map<String, TargetGroup> groups() {
        return groups;
    }

    Clock clock() {
        return clock;
    }

    /** Holds it for one exchange; false where it is drained, and the serving one is to be asked for again. */
    public boolean tryAcquire() {
        int now = holds.get();
        while (now > 0) {
            if (holds.compareAndSet(now, now + 1)) {
                return true;
            }
            now = holds.get();
        }
        return false;
    }

    /** Lets go of its filters, once. For the deploying thread. */
    void dispose() {
        if (!disposed) {
            disposed = true;
            steps.values().forEach(StepInstance::release);
            discovered.release();
        }
    }

    /** An exchange has left. */
    public void release() {
        if (holds.decrementAndGet() == 0) {
            onDrained.run();
        }
    }

    /** Whether it serves no longer and the last exchange has left. */
    public boolean isDrained() {
        return holds.get() == 0;
    }

    /** It serves no longer: no new exchange will be offered to it. Once only. */
    public void retire() {
        release();
    }
}
