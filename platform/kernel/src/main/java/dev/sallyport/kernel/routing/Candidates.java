package dev.sallyport.kernel.routing;

import dev.sallyport.kernel.routing.Explanation.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the table says about routes and one request.
 *
 * @param closest the winner first, then those that came closest; no more than were asked for
 * @param counts how many routes there are of each outcome, those that are not told about among them
 */
public record Candidates<T>(List<Explanation<T>> closest, Map<Outcome, Integer> counts) {

    public Candidates {
        closest = List.copyOf(closest);
    }

    /** The same, with something else for each route. */
    public <U> Candidates<U> map(Function<T, U> name) {
        return new Candidates<>(
                closest.stream()
                        .map(each -> new Explanation<>(name.apply(each.route()), each.outcome(), each.reason()))
                        .toList(),
                counts);
    }
}
