package dev.sallyport.kernel.chain;

import dev.sallyport.api.Next;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.chain.Router.CompiledRoute;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.SameRoutes;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.routing.RouteTable;
import dev.sallyport.kernel.step.Steps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the generation that serves which are the same in the next one, down to the last step and target: those are
 * taken over as they are. One in doubt is compiled again, which makes the same of it. For one compile.
 */
final class KeptRoutes {

    private final Generation serving;
    private final ResolvedConfig config;
    private final Map<String, TargetGroup> groups;
    private final Steps steps;
    private final SameRoutes same;

    /** Whether what all routes have in common is the same. */
    private final boolean any;

    private final Map<String, Optional<Next>> ends = new HashMap<>();

    /**
     * What a generation was made with and of, for the one after it.
     *
     * @param catalogue by which its steps were found
     * @param firstSlot of every route's chain
     * @param ownedBefore the headers that steps before routing set
     * @param routes in the order of the configuration
     * @param ends the ways to upstreams that many routes share, by the upstream's name
     * @param table finds the routes
     */
    record Made(
            Catalogue catalogue,
            int firstSlot,
            Set<String> ownedBefore,
            List<CompiledRoute> routes,
            Map<String, Next> ends,
            RouteTable<CompiledRoute> table) {}

    /**
     * Nothing is kept where what all routes have in common has changed.
     *
     * @param config of the next generation, as all that follows
     * @param groups the targets of its upstreams
     */
    KeptRoutes(
            Generation serving,
            ResolvedConfig config,
            Catalogue catalogue,
            int firstSlot,
            Set<String> ownedBefore,
            Map<String, TargetGroup> groups,
            Steps steps) {
        this.serving = serving;
        this.config = config;
        this.groups = groups;
        this.steps = steps;
        Made then = serving.made();
        any = catalogue.servesLike(then.catalogue())
                && firstSlot == then.firstSlot()
                && ownedBefore.equals(then.ownedBefore())
                && config.hidesLike(serving.config());
        same = new SameRoutes(any ? serving.config().routes() : List.of());
    }

    /** The route as it serves, its steps taken; null where it must be compiled. To be asked for in their order. */
    @Nullable
    CompiledRoute find(ResolvedRoute route) {
        int at = same.find(route);
        if (at < 0
                || route.mirror() != null
                || !route.others().isEmpty()
                || config.off().containsKey(route.route().name())) {
            return null;
        }
        for (ResolvedRoute.Part part : route.upstreams()) {
            if (end(part.name()) == null) {
                return null;
            }
        }
        for (ResolvedRoute.ResolvedStep step : route.steps()) {
            if (step.step().canary() != null) {
                return null;
            }
        }
        CompiledRoute known = serving.made().routes().get(at);
        // Fewer instances: a plugin is missing, or two steps share one.
        return known.steps().size() == route.steps().size() && steps.takeAgain(known.name(), known.steps())
                ? known
                : null;
    }

    /** The way to an upstream without steps of its own, whose targets and settings are the same; null for another. */
    @Nullable
    Next end(String upstream) {
        return ends.computeIfAbsent(upstream, this::findEnd).orElse(null);
    }

    private Optional<Next> findEnd(String upstream) {
        ResolvedConfig before = serving.config();
        boolean isSame = any
                && Objects.equals(
                        config.upstreams().get(upstream), before.upstreams().get(upstream))
                && groups.get(upstream) == serving.groups().get(upstream)
                && isWithoutSteps(config, upstream)
                && isWithoutSteps(before, upstream);
        return isSame ? Optional.ofNullable(serving.made().ends().get(upstream)) : Optional.empty();
    }

    private static boolean isWithoutSteps(ResolvedConfig config, String upstream) {
        return config.upstreamSteps().getOrDefault(upstream, List.of()).isEmpty()
                && !config.off().containsKey("upstream:" + upstream);
    }
}
