package dev.sallyport.kernel.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Which of two rules goes before the other, after the Kubernetes Gateway API: the first criterion that tells them apart. */
final class Precedence {

    /** What rules are told apart by, the weightiest first. */
    enum Criterion {
        HOST,
        PATH_KIND,
        PREFIX_LENGTH,
        LITERAL_SEGMENTS,
        METHOD,
        HEADERS,
        QUERY,
        FILE_ORDER
    }

    private static final List<Criterion> CRITERIA = List.of(Criterion.values());
    private static final Comparator<PathPattern.@Nullable Kind> KINDS = Comparator.nullsLast(Comparator.naturalOrder());

    private Precedence() {}

    static int compare(Rule<?> one, Rule<?> other) {
        return compare(CRITERIA, one, other);
    }

    private static int compare(List<Criterion> criteria, Rule<?> one, Rule<?> other) {
        for (Criterion criterion : criteria) {
            int result = compare(criterion, one, other);
            if (result != 0) {
                return result;
            }
        }
        return 0;
    }

    /**
     * Rules in the order in which they go. Of very many, most are as specific as others: those are put together as they come,
     * so that few are compared.
     *
     * @param rules in the file's order
     */
    static <T> List<Rule<T>> sorted(List<Rule<T>> rules) {
        List<Criterion> butOrder = CRITERIA.subList(0, CRITERIA.size() - 1); // that is the last
        SortedMap<Rule<T>, List<Rule<T>>> alike = new TreeMap<>((one, other) -> compare(butOrder, one, other));
        rules.forEach(
                rule -> alike.computeIfAbsent(rule, first -> new ArrayList<>()).add(rule));
        List<Rule<T>> sorted = new ArrayList<>(rules.size());
        alike.values().forEach(sorted::addAll);
        return sorted;
    }

    /** What makes the second rule come after the first; null where it does not. */
    static @Nullable Criterion decides(Rule<?> first, Rule<?> second) {
        for (Criterion criterion : CRITERIA) {
            int result = compare(criterion, first, second);
            if (result != 0) {
                return result < 0 ? criterion : null;
            }
        }
        return null;
    }

    private static int compare(Criterion criterion, Rule<?> one, Rule<?> other) {
        return switch (criterion) {
            case HOST -> {
                int result = Integer.compare(hostClass(one), hostClass(other));
                yield result != 0 ? result : Integer.compare(suffixLength(other), suffixLength(one));
            }
            case PATH_KIND -> KINDS.compare(kind(one), kind(other));
            case PREFIX_LENGTH -> Integer.compare(segments(other), segments(one));
            case LITERAL_SEGMENTS -> Integer.compare(literals(other), literals(one));
            case METHOD -> Boolean.compare(other.conditions.namesMethods(), one.conditions.namesMethods());
            case HEADERS -> Integer.compare(other.conditions.headerCount(), one.conditions.headerCount());
            case QUERY -> Integer.compare(other.conditions.queryCount(), one.conditions.queryCount());
            case FILE_ORDER -> Integer.compare(one.order, other.order);
        };
    }

    static String describe(Criterion criterion, Rule<?> rule, UnaryOperator<String> shown) {
        return switch (criterion) {
            case HOST ->
                rule.host == null
                        ? "any host"
                        : (rule.host.wildcard() ? "the wildcard host " : "the exact host ")
                                + shown.apply(rule.host.toString());
            case PATH_KIND, PREFIX_LENGTH, LITERAL_SEGMENTS -> path(rule.path, shown);
            case METHOD -> rule.conditions.namesMethods() ? "a method" : "no method";
            case HEADERS -> count(rule.conditions.headerCount(), "header");
            case QUERY -> count(rule.conditions.queryCount(), "query parameter");
            case FILE_ORDER -> "a place in the file";
        };
    }

    private static String path(@Nullable PathPattern path, UnaryOperator<String> shown) {
        if (path == null) {
            return "no path";
        }
        String text = shown.apply(path.text());
        return switch (path.kind()) {
            case EXACT -> "the exact path " + text;
            case PARAMETERS -> "the path " + text + " (" + count(path.literals(), "literal segment") + ")";
            case PREFIX -> "the prefix " + text + " (" + count(path.segments(), "segment") + ")";
            case REGEX -> "the regular expression " + text;
        };
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static int hostClass(Rule<?> rule) {
        return rule.host == null ? 2 : rule.host.wildcard() ? 1 : 0;
    }

    private static int suffixLength(Rule<?> rule) {
        return rule.host == null || !rule.host.wildcard() ? 0 : rule.host.name().length();
    }

    private static PathPattern.@Nullable Kind kind(Rule<?> rule) {
        return rule.path == null ? null : rule.path.kind();
    }

    private static int segments(Rule<?> rule) {
        return rule.path == null ? 0 : rule.path.segments();
    }

    private static int literals(Rule<?> rule) {
        return rule.path == null ? 0 : rule.path.literals();
    }
}
