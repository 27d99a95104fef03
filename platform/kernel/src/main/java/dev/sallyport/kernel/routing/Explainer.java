package dev.sallyport.kernel.routing;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.routing.Explanation.Outcome;
import dev.sallyport.kernel.routing.Precedence.Criterion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says of each route why it takes a request or does not. Asks each rule by itself, apart from the table's own search. */
final class Explainer<T> {

    private final List<Rule<T>> rules;
    private final String method;
    private final String host;
    private final RequestTarget target;
    private final Headers headers;
    private final UnaryOperator<String> shown;

    private record Judged<T>(Rule<T> rule, Outcome outcome) {}

    Explainer(
            List<Rule<T>> rules,
            String method,
            String host,
            RequestTarget target,
            Headers headers,
            UnaryOperator<String> shown) {
        this.rules = rules;
        this.method = method;
        this.host = host;
        this.target = target;
        this.headers = headers;
        this.shown = shown;
    }

    List<Explanation<T>> explain(int limit) {
        Rule<T> winner = rules.stream()
                .filter(rule -> judge(rule) == Outcome.LESS_SPECIFIC)
                .min(Precedence::compare)
                .orElse(null);
        Comparator<Judged<T>> closest = Comparator.<Judged<T>, Outcome>comparing(Judged::outcome)
                .thenComparing((one, other) -> Precedence.compare(one.rule(), other.rule()));
        Map<T, Judged<T>> best = new LinkedHashMap<>();
        for (Rule<T> rule : rules) {
            Judged<T> judged = new Judged<>(rule, rule == winner ? Outcome.WINS : judge(rule));
            best.merge(rule.route, judged, (one, other) -> closest.compare(one, other) <= 0 ? one : other);
        }
        List<Explanation<T>> result = new ArrayList<>();
        best.values().stream()
                .sorted(closest)
                .limit(limit)
                .forEach(judged -> result.add(new Explanation<>(
                        judged.rule().route, judged.outcome(), reason(judged.rule(), judged.outcome(), winner))));
        return result;
    }

    private Outcome judge(Rule<T> rule) {
        if (rule.host != null && !rule.host.matches(host)) {
            return Outcome.HOST;
        }
        if (rule.path != null && !rule.path.matches(target.path())) {
            return Outcome.PATH;
        }
        if (!rule.conditions.takesMethod(method)) {
            return Outcome.METHOD;
        }
        return rule.conditions.takesFields(headers, target) ? Outcome.LESS_SPECIFIC : Outcome.FIELDS;
    }

    private String reason(Rule<T> rule, Outcome outcome, @Nullable Rule<T> winner) {
        return switch (outcome) {
            case WINS -> wins(rule);
            case LESS_SPECIFIC -> winner == null ? "all conditions hold" : loses(rule, winner);
            case FIELDS -> String.valueOf(rule.conditions.missedField(headers, target, shown));
            case METHOD -> "method " + method + " is not one of " + methods(rule);
            case PATH ->
                "path " + target.path() + " is not " + (rule.path == null ? "" : shown.apply(rule.path.text()));
            case HOST ->
                "host " + (host.isEmpty() ? "(none)" : host) + " is not " + shown.apply(String.valueOf(rule.host));
        };
    }

    private String wins(Rule<T> rule) {
        StringBuilder reason = new StringBuilder(describe(Criterion.HOST, rule))
                .append(", ")
                .append(describe(Criterion.PATH_KIND, rule));
        if (rule.conditions.namesMethods()) {
            reason.append(", one of the methods ").append(methods(rule));
        }
        if (rule.conditions.headerCount() > 0) {
            reason.append(", ").append(describe(Criterion.HEADERS, rule));
        }
        if (rule.conditions.queryCount() > 0) {
            reason.append(", ").append(describe(Criterion.QUERY, rule));
        }
        return reason.toString();
    }

    private String loses(Rule<?> rule, Rule<?> winner) {
        Criterion criterion = Precedence.decides(winner, rule);
        if (criterion == null || criterion == Criterion.FILE_ORDER) {
            return "as specific as the winner, but later in the file";
        }
        return "less specific: it has " + describe(criterion, rule) + ", the winner " + describe(criterion, winner);
    }

    private String describe(Criterion criterion, Rule<?> rule) {
        return Precedence.describe(criterion, rule, shown);
    }

    private String methods(Rule<T> rule) {
        return rule.conditions.methods().stream().map(shown).collect(Collectors.joining(", "));
    }
}
