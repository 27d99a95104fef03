package dev.sallyport.kernel.routing;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of two rules goes before the other, after the Kubernetes Gateway API: the first criterion that tells them apart. */
final class Precedence {

    /** A criterion, with the words that say what a rule has by it. */
    enum Criterion {
        HOST(Comparator.comparingInt(Precedence::hostClass)
                .thenComparing(Comparator.comparingInt(Precedence::suffixLength).reversed())),
        PATH_KIND(Comparator.comparingInt(Precedence::kind)),
        PREFIX_LENGTH(Comparator.comparingInt((Rule<?> rule) -> rule.path == null ? 0 : rule.path.segments())
                .reversed()),
        LITERAL_SEGMENTS(Comparator.comparingInt((Rule<?> rule) -> rule.path == null ? 0 : rule.path.literals())
                .reversed()),
        METHOD(Comparator.comparing((Rule<?> rule) -> !rule.conditions.namesMethods())),
        HEADERS(Comparator.comparingInt((Rule<?> rule) -> rule.conditions.headerCount())
                .reversed()),
        QUERY(Comparator.comparingInt((Rule<?> rule) -> rule.conditions.queryCount())
                .reversed()),
        FILE_ORDER(Comparator.comparingInt((Rule<?> rule) -> rule.order));

        private final Comparator<Rule<?>> comparator;

        Criterion(Comparator<Rule<?>> comparator) {
            this.comparator = comparator;
        }
    }

    private static final List<Criterion> CRITERIA = List.of(Criterion.values());

    private Precedence() {}

    static int compare(Rule<?> one, Rule<?> other) {
        for (Criterion criterion : CRITERIA) {
            int result = criterion.comparator.compare(one, other);
            if (result != 0) {
                return result;
            }
        }
        return 0;
    }

    /** What makes the second rule come after the first; null where it does not. */
    static @Nullable Criterion decides(Rule<?> first, Rule<?> second) {
        for (Criterion criterion : CRITERIA) {
            int result = criterion.comparator.compare(first, second);
            if (result != 0) {
                return result < 0 ? criterion : null;
            }
        }
        return null;
    }

    static String describe(Criterion criterion, Rule<?> rule) {
        return switch (criterion) {
            case HOST ->
                rule.host == null
                        ? "any host"
                        : rule.host.wildcard() ? "the wildcard host " + rule.host : "the exact host " + rule.host;
            case PATH_KIND, PREFIX_LENGTH, LITERAL_SEGMENTS -> path(rule.path);
            case METHOD -> rule.conditions.namesMethods() ? "a method" : "no method";
            case HEADERS -> count(rule.conditions.headerCount(), "header");
            case QUERY -> count(rule.conditions.queryCount(), "query parameter");
            case FILE_ORDER -> "a place in the file";
        };
    }

    private static String path(@Nullable PathPattern path) {
        if (path == null) {
            return "no path";
        }
        return switch (path.kind()) {
            case EXACT -> "the exact path " + path.text();
            case PARAMETERS -> "the path " + path.text() + " (" + count(path.literals(), "literal segment") + ")";
            case PREFIX -> "the prefix " + path.text() + " (" + count(path.segments(), "segment") + ")";
            case REGEX -> "the regular expression " + path.text();
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

    private static int kind(Rule<?> rule) {
        return rule.path == null ? PathPattern.Kind.values().length : rule.path.kind().ordinal();
    }
}
