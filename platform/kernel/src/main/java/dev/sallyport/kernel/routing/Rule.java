package dev.sallyport.kernel.routing;

import dev.sallyport.kernel.config.GatewayConfig.Match;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One way into a route: one host and one path of one of its matches, with that match's conditions. */
final class Rule<T> {

    final T route;

    /** Of which it is; the same instance in the next table means the same rules. */
    final Match match;

    final @Nullable HostPattern host;
    final @Nullable PathPattern path;

    /** The path again where it must be tried, since where the rule is found does not tell all of it. */
    final @Nullable RegexPath regex;

    final Conditions conditions;
    private final PathParameters parameters;

    /** The place in the file: earlier rules have lower ones. */
    final int order;

    /** The place among all rules of the table: lower ones go first. Set while the table is built. */
    int rank;

    private @Nullable Rule<T> next;

    /** @param parameters those of the path, which many rules share */
    Rule(
            T route,
            Match match,
            @Nullable HostPattern host,
            @Nullable PathPattern path,
            Conditions conditions,
            PathParameters parameters,
            int order) {
        this.route = route;
        this.match = match;
        this.host = host;
        this.path = path;
        this.regex = path instanceof RegexPath pattern ? pattern : null;
        this.conditions = conditions;
        this.parameters = parameters;
        this.order = order;
    }

    /** What another one says, which was made of the same match. */
    Rule(T route, Rule<?> same, int order) {
        this(route, same.match, same.host, same.path, same.conditions, same.parameters, order);
    }

    RouteResult.Found<T> found(String actual) {
        return new RouteResult.Found<>(
                route,
                parameters.isEmpty() ? Map.of() : parameters.valuesIn(actual),
                path == null ? null : path.text());
    }

    /** The one that goes next in the same place of the tree; null where it is the last. */
    @Nullable
    Rule<T> next() {
        return next;
    }

    /** Puts it in front of another one in the same place; the first of them now. */
    Rule<T> before(@Nullable Rule<T> other) {
        next = other;
        return this;
    }
}
