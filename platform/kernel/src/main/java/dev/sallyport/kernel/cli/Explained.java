package dev.sallyport.kernel.cli;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.PathPolicy;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.http.ParsedTarget;
import dev.sallyport.kernel.http.RequestPath;
import dev.sallyport.kernel.routing.Explanation;
import dev.sallyport.kernel.routing.MatchCondition;
import dev.sallyport.kernel.routing.RouteResult;
import dev.sallyport.kernel.routing.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration does with one request, without sending it.
 *
 * @param host as it is matched
 * @param status what the gateway itself would answer before any route: 400, 404 or 405; 0 where a route takes it
 * @param reason why, where it does
 * @param route the route; null where none takes it
 * @param parameters the path's parameters
 * @param others the routes that do not take it, the closest first
 * @param steps those that it meets or would meet, in order
 */
record Explained(
        String method,
        String host,
        String target,
        int status,
        String reason,
        @Nullable ResolvedRoute route,
        Map<String, String> parameters,
        List<Explanation<ResolvedRoute>> others,
        List<StepOfChain> steps,
        List<Upstream> upstreams) {

    private static final int MOST_OTHERS = 10;

    /**
     * An upstream to which the request goes, or may go.
     *
     * @param weight its part of the requests, beside those of the others
     */
    record Upstream(String name, int weight, UpstreamConfig config) {}

    /**
     * A step on the request's way.
     *
     * @param where {@code before routing}, {@code route} or {@code attempt}
     * @param runs whether its {@code when} takes the request as it came; what steps before it rewrite is not known here
     */
    record StepOfChain(String where, ResolvedStep step, boolean runs) {}

    /**
     * Explains one request.
     *
     * @param url a path, or a whole URL whose host stands in for the field Host
     */
    static Explained of(ResolvedConfig config, String method, String url, Headers headers) {
        return switch (RequestPath.parse(method, url, PathPolicy.DEFAULT)) {
            case ParsedTarget.Refused refused ->
                new Explained(
                        method,
                        "",
                        url,
                        refused.status(),
                        refused.reason(),
                        null,
                        Map.of(),
                        List.of(),
                        List.of(),
                        List.of());
            case ParsedTarget.Accepted accepted ->
                of(
                        config,
                        method,
                        accepted.authority() == null
                                ? headers.get("host", "")
                                : accepted.authority().toString(),
                        accepted.target(),
                        headers);
        };
    }

    private static Explained of(
            ResolvedConfig config, String method, String host, RequestTarget target, Headers headers) {
        RouteTable<ResolvedRoute> table = RouteTable.of(config.routes().stream()
                .map(route -> new RouteTable.Entry<>(route, route.route().match()))
                .toList());
        ResolvedRoute route = null;
        Map<String, String> parameters = Map.of();
        int status = 0;
        String reason = "";
        switch (table.find(method, host, target, headers)) {
            case RouteResult.Found<ResolvedRoute> found -> {
                route = found.route();
                parameters = found.parameters();
            }
            case RouteResult.MethodNotAllowed<ResolvedRoute> other -> {
                status = 405;
                reason = "method not allowed, only " + String.join(", ", other.allowed());
            }
            case RouteResult.NotFound<ResolvedRoute> none -> {
                status = 404;
                reason = "no route";
            }
        }
        List<StepOfChain> steps = new ArrayList<>();
        config.before().forEach(step -> steps.add(step("before routing", step, method, host, target, headers)));
        List<Upstream> upstreams = new ArrayList<>();
        if (route != null) {
            route.steps().forEach(step -> steps.add(step("route", step, method, host, target, headers)));
            for (ResolvedRoute.Part part : route.upstreams()) {
                UpstreamConfig upstream = config.upstreams().get(part.name());
                if (upstream != null) {
                    upstreams.add(new Upstream(part.name(), part.weight(), upstream));
                }
                config.upstreamSteps()
                        .getOrDefault(part.name(), List.of())
                        .forEach(step -> steps.add(step("attempt", step, method, host, target, headers)));
            }
        }
        List<Explanation<ResolvedRoute>> all =
                table.explain(method, host, target, headers, MOST_OTHERS + 1, config::shown);
        for (Explanation<ResolvedRoute> explanation : all) {
            if (explanation.outcome() == Explanation.Outcome.WINS) {
                reason = explanation.reason();
            }
        }
        return new Explained(
                method,
                host,
                target.toString(),
                status,
                reason,
                route,
                parameters,
                all.stream()
                        .filter(other -> other.outcome() != Explanation.Outcome.WINS)
                        .limit(MOST_OTHERS)
                        .toList(),
                steps,
                List.copyOf(upstreams));
    }

    private static StepOfChain step(
            String where, ResolvedStep step, String method, String host, RequestTarget target, Headers headers) {
        return new StepOfChain(where, step, MatchCondition.allOf(step.when()).holds(method, host, target, headers));
    }

    /** The ids of the steps that run, in order. */
    List<String> running() {
        return steps.stream()
                .filter(StepOfChain::runs)
                .map(step -> step.step().id())
                .toList();
    }

    /** The URLs of the targets of which one is chosen. */
    SortedSet<String> targets() {
        SortedSet<String> targets = new TreeSet<>();
        for (Upstream upstream : upstreams) {
            if (upstream.weight() > 0) {
                upstream.config().targets().forEach(one -> targets.add(one.url().toString()));
            }
        }
        return targets;
    }

    /** The route's name, or the status that the gateway answers without one. */
    String verdict() {
        return route == null ? Integer.toString(status) : route.route().name();
    }
}
