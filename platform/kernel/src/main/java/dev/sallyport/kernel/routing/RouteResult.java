package dev.sallyport.kernel.routing;

import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What the table says about a request. */
public sealed interface RouteResult<T> {

    /**
     * A route takes it.
     *
     * @param parameters the path's parameters, decoded; not to be changed
     * @param path the path of the match, as it is written; null where it names none
     */
    record Found<T>(
            T route,
            Map<String, String> parameters,
            @Nullable String path) implements RouteResult<T> {}

    /**
     * Routes would take it with another method: 405.
     *
     * @param allowed those methods, for {@code Allow}; never empty
     */
    record MethodNotAllowed<T>(SortedSet<String> allowed) implements RouteResult<T> {}

    /** No route takes it: 404. */
    record NotFound<T>() implements RouteResult<T> {}
}
