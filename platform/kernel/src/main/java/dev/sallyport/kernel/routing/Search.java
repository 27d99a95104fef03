package dev.sallyport.kernel.routing;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.routing.PathTree.Node;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One lookup under way: the request, and the best rule so far. For one thread. */
final class Search<T> {

    private final PathTree<T> tree;
    private final String path;
    private final String method;
    private final RequestTarget target;
    private final Headers headers;
    private final @Nullable Set<String> allowed;

    private @Nullable Rule<T> best;
    private boolean methodMissed;

    /** @param allowed where to note methods instead of looking for a rule; null to look for one */
    Search(PathTree<T> tree, String method, RequestTarget target, Headers headers, @Nullable Set<String> allowed) {
        this.tree = tree;
        this.path = target.path();
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.allowed = allowed;
    }

    /**
     * Looks among the rules of a host.
     *
     * @return the best one; null where none fits
     */
    @Nullable
    Rule<T> in(Node<T> host, int hash) {
        if (path.startsWith("/")) {
            search(host, hash, 0);
        }
        offer(host.here);
        return best;
    }

    /** Whether a rule was left out because of its method, so that it may be worth to look for allowed ones. */
    boolean methodMissed() {
        return methodMissed;
    }

    /** @param at where the path goes on: at a slash, or at its end */
    private void search(Node<T> node, int hash, int at) {
        if (at == path.length()) {
            offer(node.here);
        } else if (node.hasLiterals() || node.parameter() != null) {
            int to = SegmentsPath.end(path, at + 1);
            if (node.hasLiterals()) {
                int hashOfNext = PathTree.hash(hash, path, at + 1, to);
                Node<T> next = tree.get(node, hashOfNext, path, at + 1, to);
                if (next != null) {
                    search(next, hashOfNext, to);
                }
            }
            Node<T> parameter = node.parameter();
            if (parameter != null && to > at + 1) {
                search(parameter, PathTree.hashOfParameter(hash), to);
            }
        }
        offer(node.below);
    }

    /** Takes the first of these rules that fits, where it goes before the best so far. */
    private void offer(@Nullable Rule<T> first) {
        for (Rule<T> rule = first; rule != null; rule = rule.next()) {
            if (allowed != null) {
                if (fits(rule)) {
                    allowed.addAll(rule.conditions.methods());
                }
                continue;
            }
            if (best != null && best.rank <= rule.rank) {
                return;
            }
            if (!rule.conditions.takesMethod(method)) {
                methodMissed = true;
            } else if (fits(rule)) {
                best = rule;
                return;
            }
        }
    }

    /** Of the paths, the tree has matched all but regular expressions. */
    private boolean fits(Rule<T> rule) {
        return rule.conditions.takesFields(headers, target) && (rule.regex == null || rule.regex.matches(path));
    }
}
