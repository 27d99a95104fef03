package dev.sallyport.plugins.console;

import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.api.AdminPages.Admin;
import dev.sallyport.api.AdminPages.Caller;
import dev.sallyport.api.AdminPages.Found;
import dev.sallyport.plugins.console.Key.By;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How requests pass: listeners, routes, upstreams, targets, with what passes between them. The busiest are shown, then the first
 * of the configuration; the rest is summed. Made anew for each that asks, as that caller may see it. For one thread.
 */
final class TrafficMap {

    static final int MOST_ROUTES = 30;
    private static final int MOST_TARGETS = 20;

    /** With more routes than this, the steps of each are one node. */
    private static final int MOST_SPREAD = 8;

    private static final int MOST_STEPS = 8;
    private static final String REST = "rest";

    private final Map<Key, Count> lately;
    private final States states;
    private final Admin admin;
    private final Caller caller;
    private final double seconds;
    private final List<String> configured;
    private final Picture picture;

    /** By route: its last node before upstreams. */
    private final Map<String, String> leaves = new LinkedHashMap<>();

    /**
     * @param seconds of how many the counts are
     * @param configured the first routes of the configuration
     */
    TrafficMap(
            Map<Key, Count> lately,
            States states,
            Admin admin,
            Caller caller,
            double seconds,
            List<String> configured) {
        this.configured = configured;
        this.lately = lately;
        this.states = states;
        this.admin = admin;
        this.caller = caller;
        this.seconds = seconds;
        this.picture = new Picture(seconds);
    }

    /** As JSON shapes. */
    Map<String, Object> json() {
        Set<String> routes = busiest(By.ROUTE, MOST_ROUTES);
        for (String each : configured) {
            if (routes.size() < MOST_ROUTES) {
                routes.add(each);
            }
        }
        listeners(routes);
        Set<String> upstreams = new LinkedHashSet<>();
        boolean spread = routes.size() <= MOST_SPREAD;
        routes.forEach(name -> route(name, upstreams, spread));
        rest(By.ROUTE, "route", routes);
        upstreams.addAll(busiest(By.UPSTREAM, MOST_ROUTES));
        upstreams.forEach(this::upstream);
        between(By.ROUTE_UPSTREAM, "route", routes, "upstream", upstreams);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seconds", seconds);
        json.put("nodes", picture.nodes());
        json.put("edges", picture.edges());
        json.put("states", states.troubles());
        return json;
    }

    private Set<String> busiest(By by, int most) {
        Set<String> names = new LinkedHashSet<>();
        lately.entrySet().stream()
                .filter(each -> each.getKey().by() == by)
                .sorted(Comparator.comparingInt(
                                (Map.Entry<Key, Count> each) -> each.getValue().requests())
                        .reversed())
                .limit(most)
                .forEach(each -> names.add(each.getKey().name()));
        return names;
    }

    private void listeners(Set<String> routes) {
        Set<String> names = new LinkedHashSet<>(states.connections().keySet());
        lately.keySet().stream().filter(key -> key.by() == By.LISTENER_ROUTE).forEach(key -> names.add(key.name()));
        for (String name : names) {
            Count sum = new Count();
            lately.forEach((key, count) -> {
                if (key.by() == By.LISTENER_ROUTE && key.name().equals(name)) {
                    sum.add(count);
                }
            });
            picture.node("listener", name, name, sum)
                    .put("connections", states.connections().getOrDefault(name, 0L));
        }
        between(By.LISTENER_ROUTE, "listener", names, "route", routes);
    }

    private void route(String name, Set<String> upstreams, boolean spread) {
        Count count = lately.getOrDefault(new Key(By.ROUTE, name), new Count());
        picture.node("route", name, name, count);
        Map<String, Object> found = object("/v1/routes/" + encoded(name));
        if (found == null) {
            return; // that of requests which met none
        }
        String from = steps(name, count, stepsOf(found), spread);
        List<String> to = new ArrayList<>();
        if (found.get("split") instanceof List<?> parts) {
            parts.forEach(part -> to.add(part instanceof Map<?, ?> one ? String.valueOf(one.get("to")) : ""));
        } else if (found.get("upstream") instanceof String upstream) {
            to.add(upstream);
        }
        for (String upstream : to) {
            if (object("/v1/upstreams/" + encoded(upstream)) != null) { // a route may have its answer from a step
                upstreams.add(upstream);
                picture.edge(from, Picture.id("upstream", upstream), new Count());
                leaves.put(name, from);
            }
        }
    }

    /** A step of a route as the API shows it. */
    private record Shown(String id, String type, String mode) {}

    private static List<Shown> stepsOf(Map<String, Object> route) {
        List<Shown> steps = new ArrayList<>();
        if (route.get("steps") instanceof List<?> all) {
            for (Object each : all) {
                if (each instanceof Map<?, ?> step) {
                    steps.add(new Shown(
                            String.valueOf(step.get("id")),
                            String.valueOf(step.get("type")),
                            step.get("mode") == null ? "enforce" : String.valueOf(step.get("mode"))));
                }
            }
        }
        return steps;
    }

    /**
     * The steps of a route, one behind the other.
     *
     * @param spread whether each is a node; else one stands for all
     * @return what requests come from that go on to upstreams
     */
    private String steps(String route, Count into, List<Shown> steps, boolean spread) {
        String before = Picture.id("route", route);
        int shown = spread ? Math.min(steps.size(), MOST_STEPS) : 0;
        for (Shown each : steps.subList(0, shown)) {
            before = step(route, before, into, each.id(), List.of(each));
        }
        List<Shown> rest = steps.subList(shown, steps.size());
        if (!rest.isEmpty()) {
            String name = rest.size() + (shown > 0 ? " more" : rest.size() == 1 ? " step" : " steps");
            before = step(route, before, into, name, rest);
        }
        return before;
    }

    private String step(String route, String before, Count into, String name, List<Shown> members) {
        Count runs = new Count();
        Count answered = new Count();
        for (Shown each : members) {
            runs.add(lately.getOrDefault(new Key(By.STEP, route, each.id()), new Count()));
            answered.add(lately.getOrDefault(new Key(By.STEP_ANSWERED, route, each.id()), new Count()));
        }
        String key = route + " " + name;
        Map<String, Object> node = picture.node("step", key, name, runs);
        node.put("route", route);
        node.put("p50", runs.percentile(0.5));
        node.put("answeredRps", answered.requests() / seconds);
        node.put(
                "steps",
                members.stream()
                        .map(each -> Map.of("id", each.id(), "type", each.type(), "mode", each.mode()))
                        .toList());
        picture.edge(before, Picture.id("step", key), before.startsWith("route:") ? into : runs);
        return Picture.id("step", key);
    }

    private void upstream(String name) {
        Map<String, Object> node =
                picture.node("upstream", name, name, lately.getOrDefault(new Key(By.UPSTREAM, name), new Count()));
        Map<String, Object> found = object("/v1/upstreams/" + encoded(name));
        if (found == null || !(found.get("targets") instanceof List<?> targets)) {
            return;
        }
        node.put("targets", targets.size());
        int shown = 0;
        for (Object each : targets) {
            if (each instanceof Map<?, ?> target && shown++ < MOST_TARGETS) {
                String url = String.valueOf(target.get("url"));
                Count count = lately.getOrDefault(new Key(By.UPSTREAM_TARGET, name, url), new Count());
                Map<String, Object> one = picture.node("target", name + " " + url, url, count);
                one.put("health", target.get("health"));
                one.put("ejected", target.get("ejected"));
                one.put("inFlight", target.get("inFlight"));
                picture.edge(Picture.id("upstream", name), Picture.id("target", name + " " + url), count);
            }
        }
    }

    /** One node for what is not shown, where something passes there. */
    private void rest(By by, String kind, Set<String> shown) {
        Count sum = new Count();
        int hidden = 0;
        for (Map.Entry<Key, Count> each : lately.entrySet()) {
            if (each.getKey().by() == by && !shown.contains(each.getKey().name())) {
                sum.add(each.getValue());
                hidden++;
            }
        }
        if (hidden > 0) {
            picture.node(kind, REST, hidden + " more", sum).put("rest", hidden);
        }
    }

    private void between(By by, String fromKind, Set<String> from, String toKind, Set<String> to) {
        lately.forEach((key, count) -> {
            if (key.by() == by) {
                String start = from.contains(key.name()) ? key.name() : REST;
                String end = to.contains(key.to()) ? key.to() : REST;
                String out = by == By.ROUTE_UPSTREAM
                        ? leaves.getOrDefault(start, Picture.id(fromKind, start))
                        : Picture.id(fromKind, start);
                picture.add(out, Picture.id(toKind, end), count);
            }
        });
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private @Nullable Map<String, Object> object(String path) {
        Found found = admin.get(caller, path);
        try {
            return found.status() == 200 ? JSONObjectUtils.parse(found.json()) : null;
        } catch (ParseException e) {
            throw new IllegalStateException(path + " is no object", e);
        }
    }

    /** The names of the first routes of the configuration. */
    static List<String> configured(Admin admin, Caller caller) {
        Found found = admin.get(caller, "/v1/routes?limit=" + MOST_ROUTES);
        try {
            return found.status() != 200
                    ? List.of()
                    : JSONArrayUtils.parse(found.json()).stream()
                            .map(each -> each instanceof Map<?, ?> route ? String.valueOf(route.get("name")) : "")
                            .toList();
        } catch (ParseException e) {
            throw new IllegalStateException("/v1/routes is no list", e);
        }
    }
}
