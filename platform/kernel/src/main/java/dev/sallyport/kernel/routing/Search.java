package dev.sallyport.kernel.routing;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One lookup under way: the request, and the best rule so far. For one thread. */
final class Search<T> {

    final String path;

    private final String method;
    private final RequestTarget target;
    private final Headers headers;
    private final @Nullable Set<String> allowed;

    private @Nullable Rule<T> best;
    private boolean methodMissed;

    /** @param allowed where to note methods instead of looking for a rule; null to look for one */
    Search(String method, RequestTarget target, Headers headers, @Nullable Set<String> allowed) {
        this.path = target.path();
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.allowed = allowed;
    }

    /** Takes the first of these rules that fits, where it goes before the best so far. */
    void offer(List<Rule<T>> rules) {
        for (int i = 0; i < rules.size(); i++) {
            Rule<T> rule = rules.get(i);
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

    @Nullable
    Rule<T> best() {
        return best;
    }

    /** Whether a rule was left out because of its method, so that it may be worth to look for allowed ones. */
    boolean methodMissed() {
        return methodMissed;
    }

    /** Of the paths, the tree has matched all but regular expressions. */
    private boolean fits(Rule<T> rule) {
        return rule.conditions.takesFields(headers, target)
                && (!(rule.path instanceof RegexPath regex) || regex.matches(path));
    }
}
