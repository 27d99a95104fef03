package dev.sallyport.kernel.replay;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.Store;
import dev.sallyport.api.config.Percent;
import dev.sallyport.kernel.balance.TargetGroups;
import dev.sallyport.kernel.chain.Compiler;
import dev.sallyport.kernel.chain.Deadlines;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.Problems;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.PathPolicy;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.TraceConfig;
import dev.sallyport.kernel.config.TypeCatalog.OfferedType;
import dev.sallyport.kernel.http.ParsedTarget;
import dev.sallyport.kernel.http.RequestPath;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.routing.MatchCondition;
import dev.sallyport.kernel.script.ScriptService;
import dev.sallyport.kernel.step.CpuPool;
import dev.sallyport.kernel.step.OpenServices;
import dev.sallyport.kernel.step.StepServices;
import dev.sallyport.kernel.store.MemoryStore;
import dev.sallyport.kernel.telemetry.Telemetry;
import dev.sallyport.kernel.trace.Recording;
import dev.sallyport.kernel.trace.TraceFilter;
import dev.sallyport.kernel.trace.Tracing;
import dev.sallyport.kernel.upstream.UpstreamClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs recorded requests through a configuration: its real routes and steps, at the times at which they were recorded, with an
 * upstream that gives the recorded status. Steps of types that may touch the world outside are left out. For one thread.
 */
final class Replayer implements AutoCloseable {

    private static final int KEYS = 1_000_000;

    /** Of a response's body. */
    static final int MOST_SHOWN = 16 << 10;

    /** Problems by which the gateway tells that a target gave no answer: in a replay, that it would have been asked. */
    private static final Set<String> OF_UPSTREAMS =
            Set.of("upstream-unavailable", "upstream-failed", "upstream-timeout");

    /** The last first; another thread may close too, where this one does not come back. */
    private final Deque<AutoCloseable> toClose = new ConcurrentLinkedDeque<>();

    private final ReplayClock clock = new ReplayClock();
    private final ReplayState state;
    private final Generation generation;
    private final Tracing tracing;
    private final Map<String, List<ResolvedStep>> leftOut = new LinkedHashMap<>();

    /** A configuration that cannot be run. */
    static final class NotRunnableException extends Exception {

        private static final long serialVersionUID = 1;

        NotRunnableException(List<ConfigProblem> problems) {
            super(String.join(
                    "\n", problems.stream().map(ConfigProblem::toString).toList()));
        }
    }

    /**
     * What would become of a request.
     *
     * @param unknown the steps whose verdict is not known, and why
     * @param leftOut the steps that it would meet and that were not run
     * @param trace what it met here; null where it was refused before the first step
     * @param body of the response, as far as it is shown; null where a target would have given it
     */
    record Replayed(
            Outcome outcome,
            Map<String, String> unknown,
            Set<String> leftOut,
            @Nullable JsonNode trace,
            @Nullable String body) {}

    /**
     * Makes its steps.
     *
     * @param folder the main configuration file's
     * @param data a folder for what steps keep, empty
     */
    Replayer(ResolvedConfig config, Plugins plugins, Catalogue catalogue, Path scripts, Path folder, Path data)
            throws NotRunnableException {
        NoNetwork network = new NoNetwork();
        state = new ReplayState(network, config.config().consumers());
        tracing = new Tracing(clock, System::nanoTime);
        tracing.configure(new TraceConfig(List.of(), new Percent(100), 1));
        ResolvedConfig runnable = runnable(config, catalogue);
        StepServices services = new StepServices(
                clock,
                stores(config, new MemoryStore(clock::nanos, KEYS)),
                opened(new ScriptService(scripts, ScriptService.Settings.ofThisMachine())),
                () -> network,
                new CpuPool(1),
                data,
                opened(new Telemetry()));
        UpstreamClient upstream = new Recordings();
        Compiler compiler = new Compiler(
                services,
                new OpenServices(() -> services, plugins, folder, data),
                upstream,
                opened(TargetGroups.offline(upstream)),
                opened(new Deadlines()),
                plugins,
                folder,
                (step, filter) -> new ReplayedFilter(step.id(), decidesAccess(step, catalogue), filter, state));
        Compiler.Result result = compiler.compile(runnable, catalogue, 1, Map.of(), null, compiler::dispose);
        if (result.generation() == null) {
            close();
            throw new NotRunnableException(result.problems());
        }
        generation = result.generation();
        toClose.push(generation::retire);
    }

    /** Whatever store a step names, it counts here: what is replayed must not change what serves. */
    private static Map<String, Store> stores(ResolvedConfig config, Store here) {
        Map<String, Store> stores = new HashMap<>(Map.of("memory", here));
        config.config().services().forEach(service -> stores.put(service.name(), here));
        return stores;
    }

    private <T extends AutoCloseable> T opened(T part) {
        toClose.push(part);
        return part;
    }

    private static boolean decidesAccess(ResolvedStep step, Catalogue catalogue) {
        OfferedType type =
                catalogue.find("filter", step.step().type(), step.step().version());
        return type != null && type.traits().decidesAccess();
    }

    /** The configuration without services, and without steps that may do more than decide. */
    private ResolvedConfig runnable(ResolvedConfig config, Catalogue catalogue) {
        Map<String, List<ResolvedStep>> attempts = new LinkedHashMap<>();
        config.upstreamSteps()
                .forEach((name, steps) -> attempts.put(name, runnable("upstream:" + name, steps, catalogue)));
        return new ResolvedConfig(
                config.config().withoutServices(),
                runnable("*", config.before(), catalogue),
                config.routes().stream()
                        .map(route -> new ResolvedRoute(
                                route.route(),
                                runnable(route.route().name(), route.steps(), catalogue),
                                route.upstreams(),
                                null,
                                route.others(),
                                route.leftOut()))
                        .toList(),
                config.upstreams(),
                attempts,
                config.off(),
                config.redaction());
    }

    private List<ResolvedStep> runnable(String place, List<ResolvedStep> steps, Catalogue catalogue) {
        List<ResolvedStep> kept = new ArrayList<>();
        for (ResolvedStep step : steps) {
            OfferedType type =
                    catalogue.find("filter", step.step().type(), step.step().version());
            if (type != null && type.traits().replayable()) {
                kept.add(step);
            } else {
                leftOut.computeIfAbsent(place, first -> new ArrayList<>()).add(step);
            }
        }
        return kept;
    }

    /** Runs one. */
    Replayed run(Recorded recorded) {
        state.begin(recorded);
        clock.reach(recorded.at());
        return switch (RequestPath.parse(recorded.method(), recorded.target(), PathPolicy.DEFAULT)) {
            case ParsedTarget.Refused refused ->
                new Replayed(
                        new Outcome(null, true, Outcome.Kind.ANSWERED, null, refused.status(), null),
                        Map.of(),
                        Set.of(),
                        null,
                        "");
            case ParsedTarget.Accepted accepted -> run(recorded, accepted);
        };
    }

    private Replayed run(Recorded recorded, ParsedTarget.Accepted target) {
        if (!generation.tryAcquire()) {
            throw new IllegalStateException("it is closed");
        }
        LiveExchange exchange = new LiveExchange(
                new LiveExchange.Facts(
                        "line-" + recorded.line(),
                        generation.config().config().listeners().getFirst().name(),
                        recorded.scheme(),
                        "HTTP/1.1",
                        recorded.client(),
                        new InetSocketAddress(recorded.client(), 0),
                        false,
                        null,
                        true,
                        (status, headers) -> {}),
                generation,
                ended -> {});
        Headers headers = target.authority() == null
                ? recorded.headers()
                : recorded.headers().with("host", target.authority().toString());
        Request request = new Request(
                recorded.method(),
                target.target(),
                headers,
                recorded.bodyBytes() == 0 ? Body.empty() : new UnrecordedBody(recorded.bodyBytes(), state),
                null,
                exchange);
        Recording recording = tracing.begin(request, null, generation.config(), 1);
        if (recording != null) {
            exchange.record(recording);
        }
        Response response = null;
        String body = "";
        try {
            response = answer(request, exchange);
            body = body(response);
        } finally {
            exchange.answered();
            exchange.complete(response == null ? 500 : response.status(), Completion.Outcome.COMPLETED, null);
            exchange.leave();
        }
        JsonNode trace = JsonMapper.shared()
                .readTree(tracing.newestFirst(TraceFilter.ALL).getFirst().json());
        Outcome outcome = outcome(trace, response);
        return new Replayed(
                outcome,
                state.unknown(),
                leftOut(exchange.route(), target.target(), request),
                trace,
                outcome.kind() == Outcome.Kind.FORWARDED
                        ? null
                        : generation.config().hide(body));
    }

    /** The beginning of a body that a step has made; nothing of one that cannot be read. */
    private static String body(Response response) {
        if (response.tunnel() != null || response.body().isEmpty()) {
            return "";
        }
        try (InputStream in = response.body().open()) {
            return new String(in.readNBytes(MOST_SHOWN), StandardCharsets.UTF_8);
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    private static Response answer(Request request, LiveExchange exchange) {
        try {
            try {
                return exchange.entry().proceed(request);
            } catch (Throwable failure) { // as a listener does
                return Problems.failed(request, failure);
            }
        } catch (ClientGoneException gone) {
            return Response.of(500); // nobody is there who could go
        }
    }

    private static Outcome outcome(JsonNode trace, Response response) {
        Outcome seen = RecordedFile.ofTrace(trace, response.status());
        Problem problem = response.problem();
        boolean wouldAsk = problem != null && OF_UPSTREAMS.contains(problem.code()) && seen.step() == null;
        return wouldAsk && seen.kind() == Outcome.Kind.ANSWERED
                ? new Outcome(seen.route(), true, Outcome.Kind.FORWARDED, null, seen.status(), null)
                : seen;
    }

    /** By the request as it came: what steps before them rewrite does not count here. */
    private Set<String> leftOut(@Nullable String route, RequestTarget target, Request request) {
        Set<String> names = new TreeSet<>();
        List<ResolvedStep> met = new ArrayList<>(leftOut.getOrDefault("*", List.of()));
        if (route != null) {
            met.addAll(leftOut.getOrDefault(route, List.of()));
        }
        for (ResolvedStep step : met) {
            if (MatchCondition.allOf(step.when()).holds(request.withTarget(target))) {
                names.add(step.id());
            }
        }
        return names;
    }

    /** An upstream that gives what was recorded. */
    private final class Recordings implements UpstreamClient {

        @Override
        public Response send(Outgoing request) {
            Outcome recorded = state.current().outcome();
            boolean known = recorded.kind() != Outcome.Kind.ANSWERED && recorded.status() >= 200;
            return Response.of(known ? recorded.status() : 200);
        }

        @Override
        public void close() {
            // it has opened nothing
        }
    }

    @Override
    public void close() {
        for (AutoCloseable each = toClose.poll(); each != null; each = toClose.poll()) {
            try {
                each.close();
            } catch (Exception e) {
                System.getLogger("replay").log(System.Logger.Level.WARNING, "closing: {0}", e.toString());
            }
        }
    }
}
