package dev.sallyport.kernel.plan;

import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.recent.RecentRequests;
import dev.sallyport.kernel.routing.RouteResult;
import dev.sallyport.kernel.routing.RouteTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which of the requests of the last minutes would meet another route.
 *
 * @param looked how many were looked at: a sample
 * @param groups those that would, by the routes that they met and would meet, the most first
 */
public record Reroutes(int looked, List<Group> groups) {

    /** How far back it looks. */
    public static final Duration PAST = Duration.ofMinutes(5);

    private static final int MOST_EXAMPLES = 3;

    /**
     * Requests that would go another way.
     *
     * @param from the route that took them; {@code 404} or {@code 405} where none did
     * @param to the route that would
     * @param examples such as {@code GET shop.example.com/orders/1}
     */
    public record Group(String from, String to, int count, List<String> examples) {}

    /** How many of them would. */
    public int changed() {
        return groups.stream().mapToInt(Group::count).sum();
    }

    static Reroutes of(List<RecentRequests.Seen> seen, ResolvedConfig old, ResolvedConfig now) {
        if (seen.isEmpty()) {
            return new Reroutes(0, List.of());
        }
        RouteTable<String> before = table(old);
        RouteTable<String> after = table(now);
        Map<List<String>, List<RecentRequests.Seen>> changed = new LinkedHashMap<>();
        for (RecentRequests.Seen request : seen) {
            String from = route(before, request);
            String to = route(after, request);
            if (!from.equals(to)) {
                changed.computeIfAbsent(List.of(from, to), key -> new ArrayList<>())
                        .add(request);
            }
        }
        List<Group> groups = changed.entrySet().stream()
                .map(each -> new Group(
                        each.getKey().getFirst(),
                        each.getKey().getLast(),
                        each.getValue().size(),
                        examples(each.getValue())))
                .sorted(Comparator.comparingInt(Group::count).reversed())
                .toList();
        return new Reroutes(seen.size(), groups);
    }

    private static RouteTable<String> table(ResolvedConfig config) {
        return RouteTable.of(config.routes().stream()
                .map(ResolvedRoute::route)
                .map(route -> new RouteTable.Entry<>(route.name(), route.match()))
                .toList());
    }

    private static String route(RouteTable<String> table, RecentRequests.Seen request) {
        return switch (table.find(request.method(), request.host(), request.target(), request.headers())) {
            case RouteResult.Found<String> found -> found.route();
            case RouteResult.MethodNotAllowed<String> other -> "405";
            case RouteResult.NotFound<String> none -> "404";
        };
    }

    private static List<String> examples(List<RecentRequests.Seen> requests) {
        return requests.stream()
                .map(one -> one.method() + " " + one.host() + one.target().path())
                .distinct()
                .limit(MOST_EXAMPLES)
                .collect(Collectors.toUnmodifiableList());
    }
}
