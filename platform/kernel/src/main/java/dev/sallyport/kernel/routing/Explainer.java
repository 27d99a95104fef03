package dev.sallyport.kernel.routing;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.routing.Explanation.Outcome;
import dev.sallyport.kernel.routing.Precedence.Criterion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
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

    Candidates<T> explain(int limit) {
        Rule<T> winner = null;
        Map<T, Judged<T>> best = new LinkedHashMap<>();
        Comparator<Judged<T>> closest = Comparator.<Judged<T>, Outcome>comparing(Judged::outcome)
                .thenComparing(Comparator.<Judged<T>>comparingInt(this::near).reversed())
                .thenComparing((one, other) -> Precedence.compare(one.rule(), other.rule()));
        for (Rule<T> rule : rules) {
            Judged<T> judged = new Judged<>(rule, judge(rule));
            best.merge(rule.route, judged, (one, other) -> closest.compare(one, other) <= 0 ? one : other);
            if (judged.outcome() == Outcome.LESS_SPECIFIC && (winner == null || Precedence.compare(rule, winner) < 0)) {
                winner = rule;
            }
        }
        if (winner != null) {
            best.put(winner.route, new Judged<>(winner, Outcome.WINS));
        }
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        best.values().forEach(judged -> counts.merge(judged.outcome(), 1, Integer::sum));
        List<Explanation<T>> result = new ArrayList<>();
        for (Judged<T> judged : first(limit, best.values(), closest)) {
            result.add(new Explanation<>(
                    judged.rule().route, judged.outcome(), reason(judged.rule(), judged.outcome(), winner)));
        }
        return new Candidates<>(result, counts);
    }

    /** The first of many, without sorting all of them. */
    private static <J> List<J> first(int limit, Collection<J> all, Comparator<J> order) {
        PriorityQueue<J> kept = new PriorityQueue<>(order.reversed());
        for (J one : all) {
            kept.add(one);
            if (kept.size() > limit) {
                kept.remove();
            }
        }
        List<J> sorted = new ArrayList<>(kept);
        sorted.sort(order);
        return sorted;
    }

    /** Of rules that fail at the host or the path: how many segments of the path are right. */
    private int near(Judged<T> judged) {
        Rule<T> rule = judged.rule();
        if (rule.path == null || judged.outcome().compareTo(Outcome.PATH) < 0) {
            return 0;
        }
        String wanted = rule.path.text();
        String path = target.path();
        int same = 0;
        int slashes = 0;
        while (same < wanted.length() && same < path.length() && wanted.charAt(same) == path.charAt(same)) {
            slashes += path.charAt(same) == '/' ? 1 : 0;
            same++;
        }
        return slashes;
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
