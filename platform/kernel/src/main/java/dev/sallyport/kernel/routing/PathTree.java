package dev.sallyport.kernel.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of one host, found by path: exact ones by hash, the others segment by segment. Immutable once built. */
final class PathTree<T> {

    private final Map<String, List<Rule<T>>> exact;
    private final Node<T> root;
    private final List<Rule<T>> anyPath;

    /**
     * @param rules in order of precedence
     * @param texts the texts of segments that are there already: of most there are many
     */
    PathTree(List<Rule<T>> rules, Map<String, String> texts) {
        Map<String, List<Rule<T>>> exactPaths = new HashMap<>();
        List<Rule<T>> pathless = new ArrayList<>();
        Builder<T> builder = new Builder<>();
        int rank = 0;
        for (Rule<T> rule : rules) {
            rule.rank = rank++;
            switch (rule.path) {
                case null -> pathless.add(rule);
                case ExactPath path ->
                    exactPaths
                            .computeIfAbsent(path.path(), p -> new ArrayList<>(1))
                            .add(rule);
                case SegmentsPath path -> {
                    Builder<T> end = builder;
                    for (SegmentsPath.Part part : path.parts()) {
                        end = part.parameter() ? end.parameter() : end.literal(part.text(), texts);
                    }
                    (path.open() ? end.below : end.here).add(rule);
                }
                case RegexPath path -> {
                    Builder<T> end = builder;
                    for (String segment : path.literalSegments()) {
                        end = end.literal(segment, texts);
                    }
                    end.below.add(rule);
                }
            }
        }
        exactPaths.replaceAll((path, list) -> List.copyOf(list));
        exact = exactPaths;
        root = builder.build();
        anyPath = List.copyOf(pathless);
    }

    /** Offers all rules whose paths fit, but those that cannot be the best any more. */
    void search(Search<T> search) {
        List<Rule<T>> same = exact.isEmpty() ? null : exact.get(search.path);
        if (same != null) {
            search.offer(same);
        }
        if (search.best() == null && search.path.startsWith("/")) {
            root.search(search, 0);
        }
        search.offer(anyPath);
    }

    /**
     * A place in the tree.
     *
     * @param here rules whose path ends here
     * @param below rules that take this path and all below it, and regular expressions to try there
     */
    private record Node<T>(
            @Nullable RegionMap<Node<T>> literals,
            @Nullable Node<T> parameter,
            List<Rule<T>> here,
            List<Rule<T>> below) {

        /** @param at where the path goes on: at a slash, or at its end */
        void search(Search<T> search, int at) {
            String path = search.path;
            if (at == path.length()) {
                search.offer(here);
            } else if (literals != null || parameter != null) {
                int slash = path.indexOf('/', at + 1);
                int to = slash < 0 ? path.length() : slash;
                Node<T> next = literals == null ? null : literals.get(path, at + 1, to);
                if (next != null) {
                    next.search(search, to);
                }
                if (parameter != null && to > at + 1) {
                    parameter.search(search, to);
                }
            }
            search.offer(below);
        }
    }

    private static final class Builder<T> {

        private final Map<String, Builder<T>> literals = new HashMap<>();
        private @Nullable Builder<T> parameter;
        private final List<Rule<T>> here = new ArrayList<>(1);
        private final List<Rule<T>> below = new ArrayList<>(1);

        Builder<T> literal(String segment, Map<String, String> texts) {
            Builder<T> next = literals.get(segment);
            if (next == null) {
                next = new Builder<>();
                String known = texts.putIfAbsent(segment, segment);
                literals.put(known == null ? segment : known, next);
            }
            return next;
        }

        Builder<T> parameter() {
            if (parameter == null) {
                parameter = new Builder<>();
            }
            return parameter;
        }

        Node<T> build() {
            Map<String, Node<T>> nodes = HashMap.newHashMap(literals.size());
            literals.forEach((segment, builder) -> nodes.put(segment, builder.build()));
            return new Node<>(
                    nodes.isEmpty() ? null : new RegionMap<>(nodes),
                    parameter == null ? null : parameter.build(),
                    List.copyOf(here),
                    List.copyOf(below));
        }
    }
}
