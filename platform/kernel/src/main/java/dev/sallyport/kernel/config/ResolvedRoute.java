package dev.sallyport.kernel.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route with its chain as it will run: defaults put in front, skips taken out, chains copied in, ids given, steps that
 * are off left out.
 *
 * @param route as it was written
 * @param steps its steps, in order
 * @param upstream the name of its upstream in {@link ResolvedConfig#upstreams}; null where a step answers
 */
public record ResolvedRoute(
        GatewayConfig.Route route,
        List<ResolvedStep> steps,
        @Nullable String upstream) {

    /**
     * A step as it will run.
     *
     * @param id unique within its chain
     * @param step as it was written
     * @param when conditions, all of which must hold: its own and those of the chains that it was copied from
     * @param context its place for people: {@code route orders}, {@code chain before routing}, {@code upstream orders}
     */
    public record ResolvedStep(String id, Step.Configured step, List<List<GatewayConfig.Match>> when, String context) {

        /** The step that is its canary; null where it has none. */
        public @Nullable ResolvedStep canary() {
            Step.Configured canary = step.canary();
            return canary == null ? null : new ResolvedStep(id, canary, when, context);
        }
    }
}
