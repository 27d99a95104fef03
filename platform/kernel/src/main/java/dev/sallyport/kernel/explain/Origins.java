package dev.sallyport.kernel.explain;

import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.Step;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the steps of a route come from: the defaults, a named chain, or the route itself. */
final class Origins {

    private final GatewayConfig config;

    Origins(GatewayConfig config) {
        this.config = config;
    }

    /** {@code the defaults}, {@code chain public}, {@code the defaults, chain public}; {@code ""} for the route's own. */
    String of(ResolvedStep step) {
        String defaults = holds(config.defaults().plugins(), step.step(), 0) ? "the defaults" : "";
        String chain = chain(step.step());
        return chain == null ? defaults : (defaults.isEmpty() ? "" : defaults + ", ") + "chain " + chain;
    }

    private @Nullable String chain(Step.Configured step) {
        for (Map.Entry<String, List<Step>> chain : config.chains().entrySet()) {
            if (isIn(chain.getValue(), step)) {
                return chain.getKey();
            }
        }
        return null;
    }

    private boolean holds(List<Step> steps, Step.Configured step, int depth) {
        return isIn(steps, step)
                || (depth < 32
                        && steps.stream()
                                .anyMatch(each -> each instanceof Step.Use use
                                        && holds(
                                                config.chains().getOrDefault(use.chain(), List.of()),
                                                step,
                                                depth + 1)));
    }

    @SuppressWarnings("ReferenceEquality") // the very step
    private static boolean isIn(List<Step> steps, Step.Configured step) {
        return steps.stream().anyMatch(each -> each == step);
    }
}
