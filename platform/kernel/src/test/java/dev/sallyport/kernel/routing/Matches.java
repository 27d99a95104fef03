package dev.sallyport.kernel.routing;

import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.Place;
import java.util.List;
import java.util.Map;

/** Matches for tests. */
final class Matches {

    private static final Place PLACE = new Place("gateway.yaml", 1, 1);

    private Matches() {}

    static Match paths(String... paths) {
        return of(List.of(), List.of(paths), List.of(), Map.of(), Map.of());
    }

    static Match methods(String... methods) {
        return of(List.of(), List.of(), List.of(methods), Map.of(), Map.of());
    }

    static Match of(
            List<String> hosts,
            List<String> paths,
            List<String> methods,
            Map<String, String> headers,
            Map<String, String> query) {
        return new Match(hosts, paths, methods, headers, query, PLACE);
    }
}
