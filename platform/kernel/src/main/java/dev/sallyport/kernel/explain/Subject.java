package dev.sallyport.kernel.explain;

import dev.sallyport.api.Request;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.Inspection;
import dev.sallyport.kernel.chain.ServedStep;
import dev.sallyport.kernel.chain.Way;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.routing.Candidates;
import dev.sallyport.kernel.routing.RouteResult;
import dev.sallyport.kernel.routing.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What requests are explained by. */
sealed interface Subject {

    ResolvedConfig config();

    /** The route of that name. */
    ResolvedRoute route(String name);

    /** Header names that are taken off before the first step. */
    List<String> owned();

    /** What serves the steps before routing; empty where nothing does. */
    List<ServedStep> before();

    RouteResult<Way> find(Request request);

    Candidates<String> candidates(Request request, int limit);

    /** The targets of an upstream. */
    TargetGroup targets(String upstream, UpstreamConfig written);

    /** A configuration, of which no step is made: what steps do is not known. */
    final class Written implements Subject {

        private final ResolvedConfig config;
        private final RouteTable<String> table;

        Written(ResolvedConfig config) {
            this.config = config;
            table = RouteTable.of(config.routes().stream()
                    .map(route -> new RouteTable.Entry<>(
                            route.route().name(), route.route().match()))
                    .toList());
        }

        @Override
        public ResolvedConfig config() {
            return config;
        }

        @Override
        public ResolvedRoute route(String name) {
            return config.routes().stream()
                    .filter(route -> route.route().name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public List<String> owned() {
            return List.of();
        }

        @Override
        public List<ServedStep> before() {
            return List.of();
        }

        @Override
        public RouteResult<Way> find(Request request) {
            String host = request.headers().get("host", "");
            return switch (table.find(request.method(), host, request.target(), request.headers())) {
                case RouteResult.Found<String> found ->
                    new RouteResult.Found<>(
                            new Way(
                                    found.route(),
                                    List.of(),
                                    route(found.route()).route().maxBody(),
                                    List.of(),
                                    Map.of()),
                            found.parameters(),
                            found.path());
                case RouteResult.MethodNotAllowed<String> other -> new RouteResult.MethodNotAllowed<>(other.allowed());
                case RouteResult.NotFound<String> none -> new RouteResult.NotFound<>();
            };
        }

        @Override
        public Candidates<String> candidates(Request request, int limit) {
            return table.explain(
                    request.method(),
                    request.headers().get("host", ""),
                    request.target(),
                    request.headers(),
                    limit,
                    config::shown);
        }

        @Override
        public TargetGroup targets(String upstream, UpstreamConfig written) {
            return TargetGroup.atRest(upstream, written);
        }
    }

    /** A generation, which whoever asks holds meanwhile. */
    final class Compiled implements Subject {

        private final Generation generation;
        private final Inspection inspection;

        Compiled(Generation generation) {
            this.generation = generation;
            inspection = new Inspection(generation);
        }

        @Override
        public ResolvedConfig config() {
            return generation.config();
        }

        @Override
        public ResolvedRoute route(String name) {
            return Objects.requireNonNull(generation.route(name), name);
        }

        @Override
        public List<String> owned() {
            return inspection.owned();
        }

        @Override
        public List<ServedStep> before() {
            return inspection.before();
        }

        @Override
        public RouteResult<Way> find(Request request) {
            return inspection.find(request);
        }

        @Override
        public Candidates<String> candidates(Request request, int limit) {
            return inspection.candidates(request, limit, config()::shown);
        }

        @Override
        public TargetGroup targets(String upstream, UpstreamConfig written) {
            return Objects.requireNonNull(generation.groups().get(upstream), upstream);
        }
    }

    /** What serves the step at that place of its chain; null where nothing does. */
    static @Nullable ServedStep served(List<ServedStep> all, int index) {
        return index < all.size() ? all.get(index) : null;
    }
}
