package dev.sallyport.kernel.routing;

import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Matches that take the same requests: those that never decide, since others go first, and those between which only the
 * file's order decides. What it says is so; it does not say all, since it does not compare two different regular
 * expressions, nor regular expressions with paths that have parameters. For people, not for the hot path.
 *
 * @param <T> what a route is; compared by {@code equals}
 */
public final class Overlaps<T> {

    /** Beyond that many comparisons it goes without the rest: no file that people write has as many. */
    private static final int MOST_COMPARISONS = 5_000_000;

    private final List<Rule<Part<T>>> rules;
    private final Map<@Nullable HostPattern, Ways<T>> hosts = new HashMap<>();
    private int comparisons;

    /** A match of a route. */
    private record Part<T>(T route, Match match) {}

    /**
     * One way into a route.
     *
     * @param host one of the match's hosts in normal form; null where it has none
     * @param path one of its paths as written; null where it has none
     */
    public record Way<T>(
            T route,
            Match match,
            @Nullable String host,
            @Nullable String path) {}

    /**
     * A way that no request takes.
     *
     * @param by those that go first; all of one route, or of several that share its methods
     */
    public record Hidden<T>(Way<T> way, List<Way<T>> by) {}

    /**
     * Two ways that take some of the same requests and are equally specific.
     *
     * @param first the one that stands first in the file, which takes them
     * @param example such a request, for people: {@code GET api.example.com/orders}
     */
    public record Tie<T>(Way<T> first, Way<T> second, String example) {}

    /** The ways of one host. */
    private static final class Ways<T> {

        /** Where all paths of one shape are together, in the order in which they go. */
        final Map<Shape, List<Rule<Part<T>>>> byShape = new HashMap<>();

        /** Shapes with parameters and literal segments, by what must be equal for others to be equally specific. */
        final Map<Rank, Alike> alike = new HashMap<>();
    }

    /** Shapes of one rank. */
    private static final class Alike {

        private final List<Shape> shapes = new ArrayList<>();
        private final Set<String> masks = new HashSet<>();
        private @Nullable ShapeTree tree;

        void add(Shape shape) {
            shapes.add(shape);
            masks.add(shape.mask());
        }

        /** Null where all have their parameters at the same places, so that two of them take nothing together. */
        @Nullable
        ShapeTree tree() {
            if (tree == null && masks.size() > 1) {
                tree = new ShapeTree();
                shapes.forEach(tree::add);
            }
            return tree;
        }
    }

    private Overlaps(List<Rule<Part<T>>> rules) {
        this.rules = rules;
        for (Rule<Part<T>> rule : rules) {
            Shape shape = Shape.of(rule.path);
            Ways<T> ways = hosts.computeIfAbsent(rule.host, host -> new Ways<>());
            List<Rule<Part<T>>> same = ways.byShape.computeIfAbsent(shape, path -> new ArrayList<>(1));
            same.add(rule);
            if (same.size() == 1 && shape.isMixed()) {
                ways.alike.computeIfAbsent(shape.rank(), key -> new Alike()).add(shape);
            }
        }
        hosts.values().forEach(ways -> ways.byShape.values().forEach(same -> same.sort(Precedence::compare)));
    }

    /**
     * Compares the matches of routes.
     *
     * @param entries in the file's order
     * @throws IllegalArgumentException where a match has a value that is not valid
     */
    public static <T> Overlaps<T> of(List<RouteTable.Entry<T>> entries) {
        Match everything = new Match(List.of(), List.of(), List.of(), Map.of(), Map.of(), new Place("", 1, 1));
        Rules<Part<T>> rules = new Rules<>();
        for (RouteTable.Entry<T> entry : entries) {
            List<Match> matches = entry.matches().isEmpty() ? List.of(everything) : entry.matches();
            for (Match match : matches) {
                rules.add(new Part<>(entry.route(), match), match);
            }
        }
        return new Overlaps<>(rules.made());
    }

    /** All ways into all routes, in the file's order. */
    public List<Way<T>> ways() {
        return rules.stream().map(Overlaps::way).toList();
    }

    /** The ways that no request takes, in the file's order. A request for {@code *} (OPTIONS) does not count. */
    public List<Hidden<T>> hidden() {
        List<Hidden<T>> hidden = new ArrayList<>();
        for (Rule<Part<T>> rule : rules) {
            Set<Rule<Part<T>>> by = hiding(rule);
            if (!by.isEmpty()) {
                hidden.add(
                        new Hidden<>(way(rule), by.stream().map(Overlaps::way).toList()));
            }
        }
        return hidden;
    }

    /**
     * For each way the first other one that it is tied with.
     *
     * @param wanted which pairs of routes count, the one that stands first in the file first
     */
    public List<Tie<T>> ties(BiPredicate<T, T> wanted) {
        List<Tie<T>> ties = new ArrayList<>();
        for (Rule<Part<T>> rule : rules) {
            tied(rule)
                    .filter(other -> other.order < rule.order
                            && wanted.test(other.route.route(), rule.route.route())
                            && isTie(other, rule))
                    .min(Comparator.comparingInt(other -> other.order))
                    .ifPresent(other -> ties.add(new Tie<>(way(other), way(rule), example(other, rule))));
        }
        return ties;
    }

    private Set<Rule<Part<T>>> hiding(Rule<Part<T>> rule) {
        List<Rule<Part<T>>> before = wider(rule)
                .filter(other -> other != rule
                        && Precedence.compare(other, rule) < 0
                        && other.conditions.takesFieldsOf(rule.conditions))
                .toList();
        if (before.isEmpty()) {
            return Set.of();
        }
        for (Rule<Part<T>> other : before) {
            if (takesMethodsOf(other, rule)) {
                return Set.of(other);
            }
        }
        Set<Rule<Part<T>>> by = new LinkedHashSet<>();
        for (String method : rule.conditions.methods()) {
            Rule<Part<T>> first = before.stream()
                    .filter(other -> other.conditions.takesMethod(method))
                    .findFirst()
                    .orElse(null);
            if (first == null) {
                return Set.of();
            }
            by.add(first);
        }
        return by;
    }

    private static boolean takesMethodsOf(Rule<?> wide, Rule<?> narrow) {
        return !wide.conditions.namesMethods()
                || (narrow.conditions.namesMethods()
                        && narrow.conditions.methods().stream().allMatch(wide.conditions::takesMethod));
    }

    /** The ways of the same host whose paths take all that this one's path takes. */
    private Stream<Rule<Part<T>>> wider(Rule<Part<T>> rule) {
        Ways<T> ways = hosts.get(rule.host);
        if (ways == null || comparisons > MOST_COMPARISONS) {
            return Stream.of();
        }
        List<Shape> shapes = new ArrayList<>();
        shapes.add(Shape.of(rule.path));
        if (rule.path == null) {
            shapes.add(Shape.prefix(""));
        } else if (rule.path instanceof RegexPath regex) {
            String literal = regex.outline();
            shapes.add(Shape.prefix(literal));
            for (int end = literal.lastIndexOf('/'); end >= 0; end = literal.lastIndexOf('/', end - 1)) {
                shapes.add(Shape.prefix(literal.substring(0, end)));
            }
        }
        return shapes.stream().flatMap(shape -> counted(ways.byShape.getOrDefault(shape, List.of())));
    }

    /** The ways of the same host whose paths may be tied with this one's. */
    private Stream<Rule<Part<T>>> tied(Rule<Part<T>> rule) {
        Ways<T> ways = hosts.get(rule.host);
        if (ways == null || comparisons > MOST_COMPARISONS) {
            return Stream.of();
        }
        Shape shape = Shape.of(rule.path);
        Alike alike = shape.isMixed() ? ways.alike.get(shape.rank()) : null;
        ShapeTree tree = alike == null ? null : alike.tree();
        if (tree == null) {
            return counted(ways.byShape.getOrDefault(shape, List.of()));
        }
        List<Shape> sharing = tree.sharing(shape, MOST_COMPARISONS - comparisons);
        comparisons += tree.steps();
        return sharing.stream().flatMap(other -> counted(ways.byShape.getOrDefault(other, List.of())));
    }

    private Stream<Rule<Part<T>>> counted(List<Rule<Part<T>>> candidates) {
        comparisons += candidates.size();
        return candidates.stream();
    }

    private boolean isTie(Rule<Part<T>> one, Rule<Part<T>> other) {
        Precedence.Criterion decides = Precedence.decides(one, other);
        return decides == Precedence.Criterion.FILE_ORDER
                && one.conditions.shareFieldsWith(other.conditions)
                && !sharedMethods(one, other).isEmpty();
    }

    /** The methods that both take; GET stands for any. */
    private static List<String> sharedMethods(Rule<?> one, Rule<?> other) {
        if (!one.conditions.namesMethods()) {
            return other.conditions.namesMethods() ? other.conditions.methods() : List.of("GET");
        }
        return one.conditions.methods().stream()
                .filter(other.conditions::takesMethod)
                .toList();
    }

    private static String example(Rule<?> one, Rule<?> other) {
        String host = one.host == null ? "" : one.host.wildcard() ? "x." + one.host.name() : one.host.name();
        return sharedMethods(one, other).getFirst() + " " + host + path(one.path, other.path);
    }

    /** A path that both take, where neither is a regular expression. */
    private static String path(@Nullable PathPattern one, @Nullable PathPattern other) {
        if (!(one instanceof SegmentsPath) || !(other instanceof SegmentsPath)) {
            return one == null ? "/" : one instanceof RegexPath ? ", path " + one.text() : one.text();
        }
        List<String> first = Shape.segments(one.outline());
        List<String> second = Shape.segments(other.outline());
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < first.size(); i++) {
            String segment = SegmentsPath.isParameter(first.get(i), 0) ? second.get(i) : first.get(i);
            path.append('/').append(segment.replaceAll("[{}]", ""));
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    private static <T> Way<T> way(Rule<Part<T>> rule) {
        return new Way<>(
                rule.route.route(),
                rule.route.match(),
                rule.host == null ? null : rule.host.toString(),
                rule.path == null ? null : rule.path.text());
    }
}
