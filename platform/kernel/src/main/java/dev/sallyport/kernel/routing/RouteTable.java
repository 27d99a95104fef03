package dev.sallyport.kernel.routing;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.routing.PathTree.Node;
import java.util.List;
import java.util.Map;
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

    private static final List<Match> EVERYTHING =
            List.of(new Match(List.of(), List.of(), List.of(), Map.of(), Map.of(), new Place("", 1, 1)));

    private final PathTree<T> tree;
    private final Node<T> exactHosts;
    private final Node<T> wildcardHosts;
    private final Node<T> anyHost;
    private final int wildcardLabels;
    private final List<Rule<T>> rules;
    private final Map<String, Integer> starts;

    /**
     * A route and the requests that it takes.
     *
     * @param matches in the file's order; an empty list, or an empty match, takes every request
     */
    public record Entry<T>(T route, List<Match> matches) {}

    private RouteTable(Rules<T> made, int nodes) {
        rules = made.made();
        starts = made.starts();
        exactHosts = new Node<>();
        wildcardHosts = new Node<>();
        anyHost = new Node<>();
        PathTree.Builder<T> builder = new PathTree.Builder<>(nodes);
        int labels = 0;
        int rank = rules.size();
        for (Rule<T> rule : Precedence.sorted(rules).reversed()) {
            rule.rank = --rank;
            add(rule, builder);
            if (rule.host != null && rule.host.wildcard()) {
                labels = Math.max(labels, 1 + (int) dots(rule.host.name()));
            }
        }
        tree = builder.build();
        wildcardLabels = labels;
    }

    /** Puts a rule in front of those in its place: the last to go is the first to come. */
    private void add(Rule<T> rule, PathTree.Builder<T> builder) {
        Node<T> node = anyHost;
        int hash = 0;
        if (rule.host != null) {
            String name = rule.host.name();
            hash = PathTree.hash(0, name, 0, name.length());
            node = builder.literal(rule.host.wildcard() ? wildcardHosts : exactHosts, hash, name, 0, name.length());
        }
        if (rule.path == null) {
            node.here = rule.before(node.here);
            return;
        }
        String outline = rule.path.outline();
        int to;
        for (int at = 0; at < outline.length(); at = to) {
            to = SegmentsPath.end(outline, at + 1);
            if (SegmentsPath.isParameter(outline, at + 1)) {
                hash = PathTree.hashOfParameter(hash);
                node = builder.parameter(node, hash);
            } else {
                hash = PathTree.hash(hash, outline, at + 1, to);
                node = builder.literal(node, hash, outline, at + 1, to);
            }
        }
        switch (rule.path.kind()) {
            case EXACT, PARAMETERS -> node.here = rule.before(node.here);
            case PREFIX, REGEX -> node.below = rule.before(node.below);
        }
    }

    /**
     * Builds a table.
     *
     * @param entries in the file's order
     * @throws IllegalArgumentException where a match has a value that is not valid
     */
    public static <T> RouteTable<T> of(List<Entry<T>> entries) {
        return of(entries, null);
    }

    /**
     * The same, of what an earlier table has in common with it: matches that are the same instances are not read again.
     *
     * @param earlier null for none
     */
    public static <T> RouteTable<T> of(List<Entry<T>> entries, @Nullable RouteTable<?> earlier) {
        Rules<T> rules = earlier == null ? new Rules<>() : new Rules<>(earlier.rules, earlier.starts);
        for (Entry<T> entry : entries) {
            List<Match> matches = entry.matches().isEmpty() ? EVERYTHING : entry.matches();
            for (Match match : matches) {
                rules.add(entry.route(), match);
            }
        }
        return new RouteTable<>(rules, earlier == null ? 0 : earlier.tree.size());
    }

    /**
     * The route that takes a request.
     *
     * @param host the field {@code Host} as it came; {@code ""} where there is none
     * @param target with its path in normal form
     */
    public RouteResult<T> find(String method, String host, RequestTarget target, Headers headers) {
        String name = hostMatters() ? HostPattern.normal(host) : "";
        Search<T> search = new Search<>(tree, method, target, headers, null);
        Rule<T> best = search(name, search);
        if (best != null) {
            return best.found(target.path());
        }
        if (search.methodMissed()) {
            SortedSet<String> allowed = new TreeSet<>();
            search(name, new Search<>(tree, method, target, headers, allowed));
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

    private boolean hostMatters() {
        return exactHosts.hasLiterals() || wildcardHosts.hasLiterals();
    }

    private @Nullable Rule<T> search(String host, Search<T> search) {
        Rule<T> best = exactHosts.hasLiterals() ? search(exactHosts, host, 0, search) : null;
        if (best == null && wildcardHosts.hasLiterals()) {
            best = searchWildcards(host, search);
        }
        return best == null ? search.in(anyHost, 0) : best;
    }

    private @Nullable Rule<T> searchWildcards(String host, Search<T> search) {
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
            Rule<T> best = search(wildcardHosts, host, dot + 1, search);
            if (best != null) {
                return best;
            }
        }
        return null;
    }

    private @Nullable Rule<T> search(Node<T> hosts, String host, int from, Search<T> search) {
        int hash = PathTree.hash(0, host, from, host.length());
        Node<T> node = tree.get(hosts, hash, host, from, host.length());
        return node == null ? null : search.in(node, hash);
    }

    private static int next(String host, int dot) {
        int next = host.indexOf('.', dot + 1);
        return next < 0 ? host.length() : next;
    }

    private static long dots(String name) {
        return name.chars().filter(c -> c == '.').count();
    }
}
