package dev.sallyport.kernel.config;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A route with its chain as it will run: defaults put in front, skips taken out, chains copied in, ids given, steps that
 * are off left out.
 *
 * @param route as it was written
 * @param steps its steps, in order
 * @param upstreams its upstreams; none where a step answers
 * @param mirror the name of the upstream that gets copies; null where none does
 * @param others the names of upstreams that its steps may send to instead
 * @param leftOut the steps that do not run: those that it skips, and those that are off
 */
public record ResolvedRoute(
        GatewayConfig.Route route,
        List<ResolvedStep> steps,
        List<Part> upstreams,
        @Nullable String mirror,
        List<String> others,
        List<ResolvedStep> leftOut) {

    /**
     * An upstream of the route.
     *
     * @param name its name in {@link ResolvedConfig#upstreams}
     * @param weight its part of the requests, beside those of the others
     */
    public record Part(String name, int weight) {}

    /** The names of its upstreams. */
    public List<String> upstreamNames() {
        return upstreams.stream().map(Part::name).toList();
    }

    /** Where its requests go: {@code orders}, or {@code orders 90, orders-next 10}; null where a step answers. */
    public @Nullable String told() {
        if (upstreams.isEmpty()) {
            return null;
        }
        return upstreams.size() == 1
                ? upstreams.getFirst().name()
                : upstreams.stream()
                        .map(part -> part.name() + " " + part.weight())
                        .collect(Collectors.joining(", "));
    }

    /**
     * A step as it will run.
     *
     * @param id unique within its chain
     * @param step as it was written
     * @param when conditions, all of which must hold: its own and those of the chains that it was copied from
     * @param context its place for people: {@code route orders}, {@code chain before routing}, {@code upstream orders}
     */
    public record ResolvedStep(String id, Step.Configured step, List<List<GatewayConfig.When>> when, String context) {

        /** The step that is its canary; null where it has none. */
        public @Nullable ResolvedStep canary() {
            Step.Configured canary = step.canary();
            return canary == null ? null : new ResolvedStep(id, canary, when, context);
        }
    }
}
