package dev.sallyport.kernel.routing;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which route takes a request. Immutable and thread-safe; built once a generation.
 *
 * <p>A route takes a request by one of its matches, all of whose conditions hold. Among all matches that do, of all
 * routes, the one that goes first decides (the order of the Kubernetes Gateway API):
 *
 * <ol>
 *   <li>an exact host, then wildcard hosts, the longest first, then matches without hosts;
 *   <li>an exact path; then paths with parameters, the most literal segments first; then prefixes, the longest first (of
 *       equally many segments, the most literal ones); then regular expressions; then matches without paths;
 *   <li>a match that names methods;
 *   <li>the most headers;
 *   <li>the most query parameters;
 *   <li>the place in the file.
 * </ol>
 *
 * A more specific match of which one condition fails does not stand in the way of a less specific one, of the same or of
 * another host. A lookup takes the time of the path's segments, whatever the number of routes; only regular expressions
 * with the same literal start, and matches that differ only in headers or query, are tried one after the other.
 *
 * @param <T> what a route is
 */
public final class RouteTable<T> {

    private final RegionMap<PathTree<T>> exactHosts;
    private final RegionMap<PathTree<T>> wildcardHosts;
    private final boolean hostMatters;
    private final int wildcardLabels;
    private final PathTree<T> anyHost;
    private final List<Rule<T>> rules;

    /**
     * A route and the requests that it takes.
     *
     * @param matches in the file's order; an empty list, or an empty match, takes every request
     */
    public record Entry<T>(T route, List<Match> matches) {}

    private RouteTable(List<Rule<T>> rules) {
        this.rules = rules;
        Map<String, List<Rule<T>>> exact = new HashMap<>();
        Map<String, List<Rule<T>>> wildcard = new HashMap<>();
        List<Rule<T>> any = new ArrayList<>();
        int labels = 0;
        for (Rule<T> rule : rules) {
            if (rule.host == null) {
                any.add(rule);
            } else {
                String name = rule.host.name();
                (rule.host.wildcard() ? wildcard : exact)
                        .computeIfAbsent(name, n -> new ArrayList<>(1))
                        .add(rule);
                labels = rule.host.wildcard() ? Math.max(labels, 1 + (int) dots(name)) : labels;
            }
        }
        Map<String, String> texts = new HashMap<>();
        exactHosts = trees(exact, texts);
        wildcardHosts = trees(wildcard, texts);
        hostMatters = !exact.isEmpty() || !wildcard.isEmpty();
        wildcardLabels = labels;
        anyHost = tree(any, texts);
    }

    /**
     * Builds a table.
     *
     * @param entries in the file's order
     * @throws IllegalArgumentException where a match has a value that is not valid
     */
    public static <T> RouteTable<T> of(List<Entry<T>> entries) {
        List<Rule<T>> rules = new ArrayList<>();
        Map<String, HostPattern> hosts = new HashMap<>(); // of many routes there are few
        Match everything = new Match(List.of(), List.of(), List.of(), Map.of(), Map.of(), new Place("", 1, 1));
        for (Entry<T> entry : entries) {
            List<Match> matches = entry.matches().isEmpty() ? List.of(everything) : entry.matches();
            for (Match match : matches) {
                addRules(entry.route(), match, hosts, rules);
            }
        }
        return new RouteTable<>(List.copyOf(rules));
    }

    /**
     * The route that takes a request.
     *
     * @param host the field {@code Host} as it came; {@code ""} where there is none
     * @param target with its path in normal form
     */
    public RouteResult<T> find(String method, String host, RequestTarget target, Headers headers) {
        String name = hostMatters ? HostPattern.normal(host) : "";
        Search<T> search = new Search<>(method, target, headers, null);
        Rule<T> best = search(name, search);
        if (best != null) {
            return best.found(target.path());
        }
        if (search.methodMissed()) {
            SortedSet<String> allowed = new TreeSet<>();
            search(name, new Search<>(method, target, headers, allowed));
            if (!allowed.isEmpty()) {
                return new RouteResult.MethodNotAllowed<>(allowed);
            }
        }
        return new RouteResult.NotFound<>();
    }

    /**
     * Why the route that {@link #find} finds takes a request, and why the others do not: the winner first, then those
     * that came closest, and how many there are of each kind. For people, not for the hot path.
     *
     * @param limit the most routes to tell about
     * @param shown how a value of a match is shown: some are secrets
     */
    public Candidates<T> explain(
            String method, String host, RequestTarget target, Headers headers, int limit, UnaryOperator<String> shown) {
        return new Explainer<>(rules, method, HostPattern.normal(host), target, headers, shown).explain(limit);
    }

    private @Nullable Rule<T> search(String host, Search<T> search) {
        if (hostMatters) {
            PathTree<T> exact = exactHosts.get(host, 0, host.length());
            if (exact != null) {
                exact.search(search);
                if (search.best() != null) {
                    return search.best();
                }
            }
            // no wildcard has more labels than that, so a host of very many costs no more
            int dot = host.length();
            for (int labels = 0; labels < wildcardLabels && dot > 0; labels++) {
                int before = host.lastIndexOf('.', dot - 1);
                if (before < 0) {
                    break;
                }
                dot = before;
            }
            for (; dot > 0 && dot < host.length(); dot = next(host, dot)) {
                PathTree<T> wildcard = wildcardHosts.get(host, dot + 1, host.length());
                if (wildcard != null) {
                    wildcard.search(search);
                    if (search.best() != null) {
                        return search.best();
                    }
                }
            }
        }
        anyHost.search(search);
        return search.best();
    }

    private static int next(String host, int dot) {
        int next = host.indexOf('.', dot + 1);
        return next < 0 ? host.length() : next;
    }

    private static <T> void addRules(T route, Match match, Map<String, HostPattern> known, List<Rule<T>> rules) {
        Conditions conditions = Conditions.of(match.methods(), match.headers(), match.query());
        Set<@Nullable HostPattern> hosts = new LinkedHashSet<>();
        for (String host : match.hosts()) {
            hosts.add(known.computeIfAbsent(host, HostPattern::parse));
        }
        Set<@Nullable PathPattern> paths = new LinkedHashSet<>();
        for (String path : match.paths()) {
            paths.add(PathPattern.parse(path));
        }
        if (hosts.isEmpty()) {
            hosts.add(null);
        }
        if (paths.isEmpty()) {
            paths.add(null);
        }
        for (HostPattern host : hosts) {
            for (PathPattern path : paths) {
                rules.add(new Rule<>(route, host, path, conditions, rules.size()));
            }
        }
    }

    private static <T> RegionMap<PathTree<T>> trees(Map<String, List<Rule<T>>> rules, Map<String, String> texts) {
        Map<String, PathTree<T>> trees = HashMap.newHashMap(rules.size());
        rules.forEach((host, list) -> trees.put(host, tree(list, texts)));
        return new RegionMap<>(trees);
    }

    private static <T> PathTree<T> tree(List<Rule<T>> rules, Map<String, String> texts) {
        return new PathTree<>(rules.stream().sorted(Precedence::compare).toList(), texts);
    }

    private static long dots(String name) {
        return name.chars().filter(c -> c == '.').count();
    }
}
