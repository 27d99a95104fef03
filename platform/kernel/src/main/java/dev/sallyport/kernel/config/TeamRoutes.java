package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.Beginnings.Beginning;
import dev.sallyport.kernel.config.GatewayConfig.Route;
import dev.sallyport.kernel.routing.Overlaps;
import dev.sallyport.kernel.routing.RouteTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Routes of different files that take the same requests and are equally specific: which file is read first must not
 * decide between teams. Within one file the order decides, since one hand wrote it.
 */
final class TeamRoutes {

    private final List<OfFile> files = new ArrayList<>();
    private final Binding binding;

    /** The routes of one file, and how they begin. */
    private record OfFile(String name, List<Route> routes, Set<Beginning> beginnings) {}

    /**
     * @param own the routes of the main file
     * @param included the other files
     */
    TeamRoutes(List<Route> own, List<BoundFiles.Bound> included, Binding binding) {
        add(own, Beginnings.of(own));
        included.forEach(file -> add(file.part.routes(), file.beginnings()));
        this.binding = binding;
    }

    private void add(List<Route> routes, Set<Beginning> beginnings) {
        if (!routes.isEmpty()) {
            files.add(new OfFile(routes.getFirst().place().file(), routes, beginnings));
        }
    }

    void run() {
        Set<List<Place>> told = new HashSet<>();
        for (Overlaps.Tie<Route> tie : overlaps().ties(TeamRoutes::areOfTwoFiles)) {
            Route first = tie.first().route();
            Place place = place(tie.second());
            if (!told.add(List.of(place, first.place()))) {
                continue;
            }
            String example = hide(hide(tie.example(), tie.first()), tie.second());
            binding.clash(
                    place,
                    "",
                    binding.shownName(tie.second().route()),
                    first.place(),
                    " takes what " + binding.shownName(first) + " at " + first.place() + " takes too, such as "
                            + example
                            + " (expected: one that is more specific, since they stand in two files); tell them apart"
                            + " by host, path, method, headers or query");
        }
    }

    private static boolean areOfTwoFiles(Route first, Route second) {
        return !first.place().file().equals(second.place().file());
    }

    private static Place place(Overlaps.Way<Route> way) {
        return way.route().match().isEmpty() ? way.route().place() : way.match().place();
    }

    private String hide(String text, Overlaps.Way<Route> way) {
        ConfigNode written = binding.sources().node(place(way), "");
        return written == null ? text : Tainted.hide(text, written);
    }

    private Overlaps<Route> overlaps() {
        Beginnings beginnings = new Beginnings();
        files.forEach(file -> beginnings.add(file.name(), file.beginnings()));
        List<Route> near = files.stream()
                .filter(file -> beginnings.areShared(file.name(), file.beginnings()))
                .flatMap(file -> file.routes().stream())
                .filter(route -> beginnings.areShared(route.place().file(), Beginnings.of(List.of(route))))
                .toList();
        try {
            return Overlaps.of(near.stream().map(TeamRoutes::entry).toList());
        } catch (IllegalArgumentException invalid) {
            // It is reported already; the others are still compared.
            return Overlaps.of(near.stream()
                    .filter(TeamRoutes::isValid)
                    .map(TeamRoutes::entry)
                    .toList());
        }
    }

    private static boolean isValid(Route route) {
        try {
            Overlaps.of(List.of(entry(route)));
            return true;
        } catch (IllegalArgumentException invalid) {
            return false;
        }
    }

    private static RouteTable.Entry<Route> entry(Route route) {
        return new RouteTable.Entry<>(route, route.match());
    }
}
