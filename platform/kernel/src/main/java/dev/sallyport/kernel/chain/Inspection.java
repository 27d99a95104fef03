package dev.sallyport.kernel.chain;

import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.kernel.routing.Candidates;
import dev.sallyport.kernel.routing.RouteResult;
import dev.sallyport.kernel.step.StepInstance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Looks at the compiled chains of a generation without sending anything through them: what it finds is what would run. For as
 * long as the generation is held. Thread-safe.
 */
public final class Inspection {

    private final Generation generation;
    private final List<String> owned;
    private final List<ServedStep> before;
    private final Router router;

    /** What of a generation can be looked at. */
    public Inspection(Generation generation) {
        this.generation = generation;
        Next at = generation.entry();
        owned = at instanceof StripNode strip ? strip.owned() : List.of();
        at = at instanceof StripNode strip ? strip.rest() : at;
        before = new ArrayList<>();
        router = (Router) follow(at, generation.steps("*"), before);
    }

    /** Header names that are taken off before the first step. */
    public List<String> owned() {
        return owned;
    }

    /** What serves the steps before routing, in order. */
    public List<ServedStep> before() {
        return before;
    }

    /** The route that takes a request, by the table that routes. */
    public RouteResult<Way> find(Request request) {
        return switch (router.find(request)) {
            case RouteResult.Found<Router.CompiledRoute> found ->
                new RouteResult.Found<>(way(found.route()), found.parameters(), found.path());
            case RouteResult.MethodNotAllowed<Router.CompiledRoute> other ->
                new RouteResult.MethodNotAllowed<>(other.allowed());
            case RouteResult.NotFound<Router.CompiledRoute> none -> new RouteResult.NotFound<>();
        };
    }

    /** Why that route takes it, and why others do not. */
    public Candidates<String> candidates(Request request, int limit, UnaryOperator<String> shown) {
        return router.candidates(request, limit, shown).map(Router.CompiledRoute::name);
    }

    private Way way(Router.CompiledRoute route) {
        List<ServedStep> steps = new ArrayList<>();
        Map<String, List<ServedStep>> attempts = new HashMap<>();
        end(follow(route.entry(), generation.steps(route.name()), steps), attempts);
        return new Way(route.name(), route.owned(), route.maxBody(), steps, attempts);
    }

    private void end(Next end, Map<String, List<ServedStep>> attempts) {
        switch (end) {
            case MirrorNode mirror -> end(mirror.rest(), attempts);
            case SplitNode split -> split.parts().forEach(part -> end(part.next(), attempts));
            case UpstreamNode upstream -> {
                List<ServedStep> steps = new ArrayList<>();
                follow(upstream.attempt(), generation.steps("upstream:" + upstream.upstream()), steps);
                attempts.put(upstream.upstream(), steps);
            }
            default -> {
                // a route that a step answers
            }
        }
    }

    /** Collects the steps from there on; what comes after the last of them. */
    private static Next follow(Next from, Set<StepInstance> instances, List<ServedStep> steps) {
        Next at = from;
        while (true) {
            switch (at) {
                case StepNode step -> {
                    steps.add(ServedStep.of(step, instances));
                    at = step.rest();
                }
                case CanaryNode canary -> {
                    steps.add(ServedStep.of(canary, instances));
                    at = canary.rest();
                }
                default -> {
                    return at;
                }
            }
        }
    }
}
