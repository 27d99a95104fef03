package dev.sallyport.kernel.chain;

import dev.sallyport.api.Exporter;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.balance.TargetGroups;
import dev.sallyport.kernel.canary.Trial;
import dev.sallyport.kernel.canary.Verdict;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.Destination;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.StepKeys;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.discovery.Discovered;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.recent.RecentRequests;
import dev.sallyport.kernel.routing.MatchCondition;
import dev.sallyport.kernel.routing.RouteTable;
import dev.sallyport.kernel.step.ConfigDigest;
import dev.sallyport.kernel.step.Digests;
import dev.sallyport.kernel.step.Leases;
import dev.sallyport.kernel.step.OpenServices;
import dev.sallyport.kernel.step.Services;
import dev.sallyport.kernel.step.StepInstance;
import dev.sallyport.kernel.step.StepKey;
import dev.sallyport.kernel.step.StepServices;
import dev.sallyport.kernel.step.Steps;
import dev.sallyport.kernel.trace.StepName;
import dev.sallyport.kernel.upstream.UpstreamClient;
import dev.sallyport.kernel.upstream.UpstreamClient.Link;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a configuration into a generation: beside the one that serves, reusing the filters of it that did not change. It
 * comes to be whole or not at all. For the deploying thread alone.
 */
public final class Compiler {

    private final StepServices services;
    private final OpenServices open;
    private final UpstreamClient client;
    private final TargetGroups targets;
    private final Deadlines deadlines;
    private final Plugins plugins;
    private final Path folder;
    private final BiFunction<ResolvedStep, Filter, Filter> around;
    private final MonitorCounts monitors;
    private final Map<LoadedArtefact, Leases> leases = new HashMap<>();
    private final Copies copies = new Copies();
    private final SlowExchanges slowExchanges = new SlowExchanges();
    private final Beside beside;
    private final Digests digests = new Digests();
    private final RecentRequests recent = new RecentRequests();

    /**
     * Compiles with what the process has one of.
     *
     * @param folder the main configuration file's
     */
    public Compiler(
            StepServices services,
            OpenServices open,
            UpstreamClient client,
            TargetGroups targets,
            Deadlines deadlines,
            Plugins plugins,
            Path folder) {
        this(services, open, client, targets, deadlines, plugins, folder, (step, filter) -> filter);
    }

    /** @param around is put around the filter of each step */
    public Compiler(
            StepServices services,
            OpenServices open,
            UpstreamClient client,
            TargetGroups targets,
            Deadlines deadlines,
            Plugins plugins,
            Path folder,
            BiFunction<ResolvedStep, Filter, Filter> around) {
        this.services = services;
        this.open = open;
        this.client = client;
        this.targets = targets;
        this.deadlines = deadlines;
        beside = new Beside(copies, deadlines);
        this.plugins = plugins;
        this.folder = folder;
        this.around = around;
        monitors = new MonitorCounts(services.telemetry().meter());
    }

    /** A sample of what its generations have routed. */
    public RecentRequests recent() {
        return recent;
    }

    /**
     * What came of compiling.
     *
     * @param generation null where there are problems
     * @param catalogue by which its steps were found
     * @param kept how many filters live on
     * @param created how many are new
     * @param artefacts the plugins in it
     * @param failed the plugins whose code failed, and how: they are what is in the way
     */
    public record Result(
            @Nullable Generation generation,
            Catalogue catalogue,
            int kept,
            int created,
            Set<Artefact> artefacts,
            Map<Artefact, String> failed,
            List<ConfigProblem> problems) {}

    /**
     * Compiles.
     *
     * @param verdicts what was decided of canaries, by the name of the trial
     * @param serving the generation that serves; null for the first
     * @param onDrained called when the new generation is retired and its last exchange has left
     */
    public Result compile(
            ResolvedConfig config,
            Catalogue catalogue,
            int number,
            Map<String, Verdict> verdicts,
            @Nullable Generation serving,
            java.util.function.Consumer<Generation> onDrained) {
        Map<StepKey, StepInstance> reusable = serving == null ? Map.of() : serving.steps();
        digests.next();
        Discovered before = serving == null ? Discovered.none() : serving.discovered();
        Services made = new Services(open);
        Discovered discovered = Discovered.of(config, catalogue, made, before);
        made.awaitNew();
        Steps steps = new Steps(
                services, made.stores(), plugins, leases, config.config().consumers(), reusable, folder, digests);
        Compilation compilation = new Compilation(config, catalogue, verdicts, steps, serving);
        Next entry = compilation.compile();
        if (!steps.problems().isEmpty() || !made.problems().isEmpty()) {
            steps.discard();
            discovered.release();
            Map<Artefact, String> failed = new HashMap<>(made.failed());
            failed.putAll(steps.failed());
            List<ConfigProblem> problems = new ArrayList<>(made.problems());
            problems.addAll(steps.problems());
            return new Result(null, catalogue, 0, 0, Set.of(), failed, problems);
        }
        compilation.artefacts.addAll(discovered.artefacts());
        Generation[] self = new Generation[1];
        Generation generation = new Generation(
                number,
                config,
                entry,
                compilation.others,
                compilation.slots,
                steps.byPlace(),
                steps.taken(),
                compilation.artefacts,
                compilation.groups,
                discovered,
                exporters(discovered, config),
                compilation.trials,
                compilation.decided,
                compilation.degraded,
                new KeptRoutes.Made(
                        catalogue,
                        compilation.firstSlot,
                        compilation.ownedBefore,
                        compilation.made,
                        compilation.plainEnds,
                        compilation.table),
                beside,
                services.clock(),
                () -> onDrained.accept(self[0]));
        self[0] = generation;
        Set<StepKey> has = discovered.services().keySet();
        Set<StepKey> had = before.services().keySet();
        int created = steps.created()
                + (int) has.stream().filter(key -> !had.contains(key)).count();
        return new Result(
                generation,
                catalogue,
                steps.taken().size() + has.size() - created,
                created,
                Set.copyOf(compilation.artefacts),
                Map.of(),
                List.of());
    }

    /** What mirrors have under way. */
    public Copies copies() {
        return copies;
    }

    /** What names exchanges that take long. */
    public SlowExchanges slowExchanges() {
        return slowExchanges;
    }

    private List<Exporter> exporters(Discovered discovered, ResolvedConfig config) {
        Duration slow = config.config().log().slowRequests();
        if (slow == null) {
            return discovered.exporters();
        }
        List<Exporter> all = new ArrayList<>(discovered.exporters());
        all.add(slowExchanges.over(slow));
        return List.copyOf(all);
    }

    /** A generation serves from now on. */
    public void serves(Generation generation) {
        targets.serve(generation.groups(), generation.config().upstreams());
    }

    /** Lets go of the filters of a generation that has drained, or is waited for no longer; once. */
    public void dispose(Generation drained) {
        drained.dispose();
    }

    /** The work of one compile. */
    private final class Compilation {

        private final ResolvedConfig config;
        private final Catalogue catalogue;
        private final Steps steps;
        private final Map<String, Verdict> verdicts;
        private final Map<String, Trial> trialsBefore;
        private final Map<String, Trial> trials = new TreeMap<>();
        private final Map<String, Verdict> decided = new TreeMap<>();
        private final Map<String, TargetGroup> groups;
        private final List<String> degraded = new ArrayList<>();
        private final Set<Artefact> artefacts = new LinkedHashSet<>();
        private final Set<Place> brokenWhileOff = new HashSet<>();
        private final Map<String, Next> plainEnds = new HashMap<>();
        private final Map<String, List<Node>> otherAttempts = new HashMap<>();
        private final Map<String, Next> others = new HashMap<>();
        private final List<Router.CompiledRoute> made = new ArrayList<>();
        private final @Nullable Generation serving;
        private int firstSlot;
        private Set<String> ownedBefore = Set.of();
        private @Nullable KeptRoutes kept;
        private RouteTable<Router.CompiledRoute> table = RouteTable.of(List.of());
        private int slots;

        Compilation(
                ResolvedConfig config,
                Catalogue catalogue,
                Map<String, Verdict> verdicts,
                Steps steps,
                @Nullable Generation serving) {
            this.config = config;
            this.catalogue = catalogue;
            this.verdicts = verdicts;
            trialsBefore = serving == null ? Map.of() : serving.trials();
            this.steps = steps;
            this.serving = serving;
            groups = targets.of(config.upstreams(), serving == null ? Map.of() : serving.groups());
        }

        Next compile() {
            List<Node> before = nodes("*", config.before());
            firstSlot = before.size();
            ownedBefore = owned("*", before);
            kept = serving == null
                    ? null
                    : new KeptRoutes(serving, config, catalogue, firstSlot, ownedBefore, groups, steps);
            List<RouteTable.Entry<Router.CompiledRoute>> routes =
                    new ArrayList<>(config.routes().size());
            for (ResolvedRoute route : config.routes()) {
                Router.CompiledRoute compiled = kept(route);
                made.add(compiled == null ? compile(route) : compiled);
                routes.add(new RouteTable.Entry<>(made.getLast(), route.route().match()));
            }
            slots = Math.max(slots, firstSlot);
            otherAttempts.forEach((name, attempt) -> {
                others.put(name, end(name, null, attempt, slots)); // in no way's places: any may lead there
                slots += attempt.size();
            });
            table = RouteTable.of(
                    routes, serving == null ? null : serving.made().table());
            Next entry = link(before, 0, new Router(table, deadlines, recent, looks()));
            List<String> owned = List.copyOf(ownedBefore);
            return owned.isEmpty() ? entry : new StripNode(owned, entry);
        }

        private RecentRequests.Looks looks() {
            List<GatewayConfig.Match> asking = new ArrayList<>();
            for (ResolvedRoute route : config.routes()) {
                for (GatewayConfig.Match match : route.route().match()) {
                    if (!match.headers().isEmpty() || !match.query().isEmpty()) {
                        asking.add(match);
                    }
                }
            }
            return RecentRequests.Looks.of(asking);
        }

        private Router.@Nullable CompiledRoute kept(ResolvedRoute route) {
            KeptRoutes keeping = kept;
            Router.CompiledRoute known = keeping == null ? null : keeping.find(route);
            if (keeping != null && known != null) {
                slots = Math.max(slots, firstSlot + known.steps().size());
                known.steps().forEach(step -> artefacts.add(step.artefact()));
                for (ResolvedRoute.Part part : route.upstreams()) {
                    plainEnds.computeIfAbsent(part.name(), name -> Objects.requireNonNull(keeping.end(name)));
                }
            }
            return known;
        }

        private Router.CompiledRoute compile(ResolvedRoute route) {
            List<Node> chain = nodes(route.route().name(), route.steps());
            int slot = firstSlot + chain.size();
            Set<String> owned = owned(route.route().name(), chain);
            List<SplitNode.Part> ends = new ArrayList<>();
            for (ResolvedRoute.Part part : route.upstreams()) {
                List<Node> attempt = attempt(part.name());
                owned.addAll(owned("upstream:" + part.name(), attempt));
                UpstreamConfig.Timeouts own = route.route().timeouts();
                ends.add(new SplitNode.Part(end(part.name(), own, attempt, slot), part.weight()));
                slot += attempt.size();
            }
            for (String other : route.others()) {
                owned.addAll(owned("upstream:" + other, otherAttempts.computeIfAbsent(other, this::attempt)));
            }
            slots = Math.max(slots, slot);
            Next end = ends.isEmpty() ? (request) -> Problems.noAnswer(request) : SplitNode.of(ends);
            if (route.mirror() != null) {
                Set<String> stripped = new TreeSet<>(owned);
                stripped.addAll(ownedBefore);
                end = mirror(Objects.requireNonNull(route.route().mirror()), route.mirror(), stripped, end);
            }
            owned.removeAll(ownedBefore); // those have been set by then, and what the client sent is gone already
            return new Router.CompiledRoute(
                    route.route().name(),
                    List.copyOf(owned),
                    total(route),
                    route.route().maxBody(),
                    steps.byPlace().getOrDefault(route.route().name(), Set.of()),
                    link(chain, firstSlot, end));
        }

        /** Of most routes to an upstream the ends are alike: one object for all, which is near at hand then. */
        private Next end(String name, UpstreamConfig.@Nullable Timeouts own, List<Node> attempt, int slot) {
            if (!attempt.isEmpty() || own != null) {
                return ownEnd(name, own, attempt, slot);
            }
            return plainEnds.computeIfAbsent(name, same -> {
                Next before = kept == null ? null : kept.end(same);
                return before == null ? ownEnd(same, null, List.of(), slot) : before;
            });
        }

        private Next ownEnd(String name, UpstreamConfig.@Nullable Timeouts own, List<Node> attempt, int slot) {
            UpstreamConfig upstream = known(config.upstreams(), name);
            UpstreamConfig.Timeouts timeouts = own == null ? upstream.timeouts() : own;
            Next wire = new WireNode(client, upstream.host(), timeouts, Link.of(upstream));
            return new UpstreamNode(
                    known(groups, name),
                    config.shown(),
                    timeouts.connect().multipliedBy(2),
                    !attempt.isEmpty(),
                    link(attempt, slot, wire));
        }

        /** @param stripped what clients have sent under these names has been taken off already */
        private Next mirror(Destination.Mirror mirror, String name, Set<String> stripped, Next rest) {
            List<Node> attempt = attempt(name);
            slots = Math.max(slots, attempt.size()); // a copy has an exchange of its own, and no other steps
            Set<String> owned = owned("upstream:" + name, attempt);
            owned.removeAll(stripped);
            return new MirrorNode(
                    mirror,
                    name,
                    List.copyOf(owned),
                    copies,
                    deadlines,
                    known(config.upstreams(), name).timeouts().total(),
                    end(name, null, attempt, 0),
                    rest);
        }

        private List<Node> attempt(String upstream) {
            return nodes("upstream:" + upstream, config.upstreamSteps().getOrDefault(upstream, List.of()));
        }

        /** How long an exchange may take: of several upstreams, what the most patient one says. */
        private @Nullable Duration total(ResolvedRoute route) {
            UpstreamConfig.Timeouts own = route.route().timeouts();
            if (own != null) {
                return own.total();
            }
            Duration longest = null;
            for (String name : route.upstreamNames()) {
                Duration total = known(config.upstreams(), name).timeouts().total();
                if (total == null) {
                    return null;
                }
                longest = longest == null || longest.compareTo(total) < 0 ? total : longest;
            }
            return longest;
        }

        private static <T> T known(Map<String, T> byName, String name) {
            return Objects.requireNonNull(byName.get(name), name); // the reader has resolved all names
        }

        /**
         * A step ready to be put into a chain.
         *
         * @param steps what it runs; none where its plugin is missing
         * @param canary the filter of its canary, and their trial; null where it has none
         */
        private record Node(
                StepName what,
                Filter filter,
                @Nullable Predicate<Request> when,
                List<StepInstance> steps,
                @Nullable OnTrial canary) {}

        private record OnTrial(StepName what, Filter filter, Trial trial) {}

        private List<Node> nodes(String place, List<ResolvedStep> resolved) {
            List<Node> nodes = new ArrayList<>();
            for (ResolvedStep step : resolved) {
                MatchCondition condition = MatchCondition.allOf(step.when());
                Node node = node(place, step, condition.isAlways() ? null : condition::holds);
                if (node != null) {
                    nodes.add(node);
                }
            }
            return nodes;
        }

        /** Null where its filter could not be made, which is a problem of the steps then. */
        private @Nullable Node node(String place, ResolvedStep step, @Nullable Predicate<Request> when) {
            Artefact artefact = artefact(step);
            StepName name = name(step, artefact);
            ResolvedStep tried = step.canary();
            Artefact other = tried == null ? null : artefact(tried);
            if (tried != null && other != null) {
                String trial = place + "/" + step.id();
                Trial.Version canary = version(tried, other);
                Verdict verdict = verdicts.get(trial);
                if (verdict != null && verdict.canary().equals(canary.fingerprint())) {
                    decided.put(trial, verdict);
                    if (verdict.kind() == Verdict.Kind.PROMOTED) {
                        return node(place, name(step, other), tried, other, when);
                    }
                    degraded.add(name + ": its canary " + other + " was " + verdict.told()
                            + "; take it out of the configuration, or mend it");
                } else if (artefact != null && !version(step, artefact).equals(canary)) {
                    return node(place, trial, name, when, step, artefact, canary, tried, other);
                }
            } else if (tried != null) {
                degraded.add(name + ": its canary takes no requests: " + whyNot(tried));
            }
            if (artefact == null) {
                String type = step.step().type();
                degraded.add(name + ": " + whyNot(step) + "; "
                        + (isMonitored(step)
                                ? "it is monitored, so all goes on"
                                : "what passes there is answered with 503"));
                Filter missing = new MissingPlugin(type, whyNot(step));
                return new Node(
                        name,
                        isMonitored(step) ? new MonitoredFilter(name, place, missing, monitors) : missing,
                        when,
                        List.of(),
                        null);
            }
            return node(place, name, step, artefact, when);
        }

        private static StepName name(ResolvedStep step, @Nullable Artefact artefact) {
            return new StepName(
                    step.context(), step.id(), step.step().type(), artefact == null ? null : artefact.version());
        }

        private @Nullable Node node(
                String place, StepName name, ResolvedStep step, Artefact artefact, @Nullable Predicate<Request> when) {
            StepInstance instance = take(place, step, artefact);
            return instance == null
                    ? null
                    : new Node(name, filter(name, place, step, instance.filter()), when, List.of(instance), null);
        }

        /** A step and its canary. */
        private @Nullable Node node(
                String place,
                String trialName,
                StepName name,
                @Nullable Predicate<Request> when,
                ResolvedStep step,
                Artefact artefact,
                Trial.Version canary,
                ResolvedStep tried,
                Artefact other) {
            StepInstance one = take(place, step, artefact);
            StepInstance two = take(place, tried, other);
            if (one == null || two == null) {
                return null;
            }
            Trial trial = new Trial(
                    trialName,
                    version(step, artefact),
                    canary,
                    Objects.requireNonNull(step.step().keys().canary()),
                    trialsBefore.get(trialName),
                    services.clock().instant());
            trials.put(trialName, trial);
            StepName canaryName = new StepName(
                    step.context(),
                    step.id() + " (canary " + other + ")",
                    step.step().type(),
                    other.version());
            return new Node(
                    name,
                    filter(name, place, step, new CanaryNode.Counted(one.filter(), trial.arm(false))),
                    when,
                    List.of(one, two),
                    new OnTrial(
                            canaryName,
                            filter(canaryName, place, step, new CanaryNode.Counted(two.filter(), trial.arm(true))),
                            trial));
        }

        private static Trial.Version version(ResolvedStep step, Artefact artefact) {
            String fingerprint = ConfigDigest.ofWritten()
                    .add("artefact", artefact.sha256())
                    .add(step.step().config())
                    .hex();
            return new Trial.Version(fingerprint, artefact.toString());
        }

        private @Nullable Artefact artefact(ResolvedStep step) {
            return catalogue.artefact("filter", step.step().type(), step.step().version());
        }

        private String whyNot(ResolvedStep step) {
            return catalogue.whyNot("filter", step.step().type(), step.step().version());
        }

        private @Nullable StepInstance take(String place, ResolvedStep step, Artefact artefact) {
            artefacts.add(artefact);
            return steps.take(place, step, artefact);
        }

        private static boolean isMonitored(ResolvedStep step) {
            return step.step().keys().mode() == StepKeys.Mode.MONITOR;
        }

        private Filter filter(StepName name, String place, ResolvedStep step, Filter made) {
            Filter filter = around.apply(step, made);
            if (isMonitored(step)) {
                return new MonitoredFilter(name, place, filter, monitors); // its failure is a verdict too
            }
            return step.step().keys().onError() == StepKeys.OnError.SKIP
                    ? new SkippingFilter(name.toString(), filter)
                    : filter;
        }

        /** The headers that steps of that place set, or would set if they were enforced, or on. */
        private Set<String> owned(String place, List<Node> nodes) {
            Set<String> owned = new TreeSet<>();
            for (Node node : nodes) {
                node.steps().forEach(step -> owned.addAll(step.ownedHeaders()));
            }
            for (ResolvedStep step : config.off().getOrDefault(place, List.of())) {
                Artefact artefact = artefact(step);
                Set<String> more = artefact == null ? null : steps.ownedWhileOff(place, step, artefact);
                if (more != null) {
                    owned.addAll(more);
                } else if (brokenWhileOff.add(step.step().place())) {
                    degraded.add(
                            step.context() + ", step " + step.id() + ": it is off and cannot be made, so that it is"
                                    + " not known which headers of clients only it may set; mend it, or take it out");
                }
            }
            return owned;
        }

        private static Next link(List<Node> nodes, int firstSlot, Next end) {
            Next next = end;
            for (int i = nodes.size() - 1; i >= 0; i--) {
                Node node = nodes.get(i);
                OnTrial canary = node.canary();
                next = canary == null
                        ? new StepNode(node.what(), node.filter(), node.when(), firstSlot + i, next)
                        : new CanaryNode(
                                canary.trial(),
                                node.when(),
                                new StepNode(node.what(), node.filter(), null, firstSlot + i, next),
                                new StepNode(canary.what(), canary.filter(), null, firstSlot + i, next),
                                next);
            }
            return next;
        }
    }
}
