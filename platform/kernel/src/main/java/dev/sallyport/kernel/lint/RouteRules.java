package dev.sallyport.kernel.lint;

import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.GatewayConfig.Route;
import dev.sallyport.kernel.config.LintRule;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.Sources;
import dev.sallyport.kernel.routing.Overlaps;
import dev.sallyport.kernel.routing.Overlaps.Hidden;
import dev.sallyport.kernel.routing.Overlaps.Way;
import dev.sallyport.kernel.routing.RouteTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Routes, matches and paths that no request reaches, and those between which only the order decides. */
final class RouteRules {

    private final ResolvedConfig config;
    private final Sources sources;
    private final Consumer<Finding> found;
    private final List<Route> routes;

    RouteRules(ResolvedConfig config, Sources sources, Consumer<Finding> found) {
        this.config = config;
        this.sources = sources;
        this.found = found;
        this.routes = config.config().routes();
    }

    void run() {
        List<RouteTable.Entry<Integer>> entries = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            entries.add(new RouteTable.Entry<>(i, routes.get(i).match()));
        }
        Overlaps<Integer> overlaps = Overlaps.of(entries);
        List<Hidden<Integer>> hidden = overlaps.hidden();
        if (!hidden.isEmpty()) {
            hidden(hidden, overlaps.ways());
        }
        Set<Place> told = hidden.stream().map(one -> place(one.way())).collect(Collectors.toCollection(HashSet::new));
        overlaps.ties(this::areOfOneFile).stream()
                .filter(tie -> told.add(place(tie.second())))
                .forEach(this::equal);
    }

    private boolean areOfOneFile(int first, int second) {
        return first != second
                && routes.get(first)
                        .place()
                        .file()
                        .equals(routes.get(second).place().file());
    }

    private void hidden(List<Hidden<Integer>> hidden, List<Way<Integer>> ways) {
        Map<Integer, Long> ofRoute = ways.stream().collect(Collectors.groupingBy(Way::route, Collectors.counting()));
        Map<Place, Long> ofMatch = ways.stream().collect(Collectors.groupingBy(this::place, Collectors.counting()));
        Map<Integer, List<Hidden<Integer>>> byRoute = hidden.stream()
                .collect(Collectors.groupingBy(one -> one.way().route(), HashMap::new, Collectors.toList()));
        byRoute.forEach((route, all) -> {
            if (all.size() == ofRoute.getOrDefault(route, 0L)) {
                unreachable(route, all);
            } else {
                Map<Place, List<Hidden<Integer>>> byMatch =
                        all.stream().collect(Collectors.groupingBy(one -> place(one.way())));
                byMatch.forEach((place, some) -> shadowed(route, some, some.size() == ofMatch.getOrDefault(place, 0L)));
            }
        });
    }

    private void unreachable(int index, List<Hidden<Integer>> all) {
        Route route = routes.get(index);
        found.accept(new Finding(
                LintRule.UNREACHABLE_ROUTE,
                route.place(),
                sources.key(route.place()),
                route.name() + " takes no request: " + first(all, index)
                        + " for all that it matches; remove it, or make it more specific"));
    }

    private void shadowed(int index, List<Hidden<Integer>> some, boolean wholeMatch) {
        Route route = routes.get(index);
        if (wholeMatch) {
            Place place = place(some.getFirst().way());
            found.accept(new Finding(
                    LintRule.SHADOWED_MATCH,
                    place,
                    sources.key(place),
                    "this match of " + route.name() + " takes no request: " + first(some, index)
                            + " for all that it takes; remove it, or make it more specific"));
            return;
        }
        for (Hidden<Integer> one : some) {
            Way<Integer> way = one.way();
            Match match = way.match();
            String path =
                    way.path() == null ? "hosts" : "paths[" + match.paths().indexOf(way.path()) + "]";
            ConfigNode written = sources.node(match.place(), path);
            String shown = way.path() == null ? "" : config.shown(way.path());
            String host = match.hosts().size() > 1 && way.host() != null ? config.shown(way.host()) : "";
            found.accept(new Finding(
                    LintRule.SHADOWED_MATCH,
                    written == null ? match.place() : written.place(),
                    Sources.join(sources.key(match.place()), path),
                    host + shown + " of " + route.name() + " takes no request: " + first(List.of(one), index)
                            + " for all that it takes; remove it, or make it more specific"));
        }
    }

    private void equal(Overlaps.Tie<Integer> tie) {
        Route first = routes.get(tie.first().route());
        Route second = routes.get(tie.second().route());
        Place place = place(tie.second());
        found.accept(new Finding(
                LintRule.EQUAL_MATCHES,
                place,
                sources.key(place),
                second.name() + " and " + first.name() + " at " + first.place() + " both match "
                        + config.hide(tie.example()) + " and are equally specific, so that " + first.name()
                        + " takes it, which stands first; add what tells them apart"));
    }

    /** {@code a at gateway.yaml:3:5 goes first}, or {@code a at … and b at … go first}. */
    private String first(List<Hidden<Integer>> hidden, int self) {
        List<String> names = hidden.stream()
                .flatMap(one -> one.by().stream())
                .map(way -> way.route() == self ? "another match of it" : named(routes.get(way.route())))
                .distinct()
                .toList();
        if (names.size() == 1) {
            return names.getFirst() + " goes first";
        }
        String most = names.stream().limit(3).collect(Collectors.joining(", "));
        return most + (names.size() > 3 ? " and " + (names.size() - 3) + " more" : "") + " go first";
    }

    private static String named(Route route) {
        return route.name() + " at " + route.place();
    }

    private Place place(Way<Integer> way) {
        Route route = routes.get(way.route());
        return route.match().isEmpty() ? route.place() : way.match().place();
    }
}
