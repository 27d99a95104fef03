package dev.sallyport.kernel.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One way into a route: one host and one path of one of its matches, with that match's conditions. */
final class Rule<T> {

    final T route;
    final @Nullable HostPattern host;
    final @Nullable PathPattern path;
    final Conditions conditions;
    private final PathParameters parameters;

    /** The place in the file: earlier rules have lower ones. */
    final int order;

    /** The answer where the path has no parameters, made once. */
    final RouteResult.Found<T> found;

    /** The place among all rules of its host: lower ones go first. Set while the table is built. */
    int rank;

    Rule(T route, @Nullable HostPattern host, @Nullable PathPattern path, Conditions conditions, int order) {
        this.route = route;
        this.host = host;
        this.path = path;
        this.conditions = conditions;
        this.parameters = path == null ? PathParameters.NONE : path.parameters();
        this.order = order;
        this.found = new RouteResult.Found<>(route, Map.of());
    }

    RouteResult.Found<T> found(String actual) {
        return parameters.isEmpty() ? found : new RouteResult.Found<>(route, parameters.valuesIn(actual));
    }
}
