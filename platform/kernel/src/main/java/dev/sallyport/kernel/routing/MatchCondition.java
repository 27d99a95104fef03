package dev.sallyport.kernel.routing;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Condition;
import dev.sallyport.kernel.config.GatewayConfig.When;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request is one of those that a step's {@code when} names: any match of each list. It judges the request as
 * the step gets it, so what an earlier step rewrote counts. Immutable and thread-safe.
 */
public final class MatchCondition {

    private final List<List<Alternative>> all;

    private record Alternative(
            List<HostPattern> hosts,
            List<PathPattern> paths,
            Conditions conditions,
            @Nullable Condition condition) {}

    private MatchCondition(List<List<Alternative>> all) {
        this.all = all;
    }

    /** Any of these matches; an empty list takes every request. */
    public static MatchCondition anyOf(List<When> matches) {
        return allOf(List.of(matches));
    }

    /** Any match of each of these lists; an empty list takes every request. */
    public static MatchCondition allOf(List<List<When>> lists) {
        List<List<Alternative>> all = new ArrayList<>();
        for (List<When> matches : lists) {
            if (matches.stream().noneMatch(When::isEmpty)) {
                all.add(matches.stream().map(MatchCondition::compile).toList());
            }
        }
        all.removeIf(List::isEmpty);
        return new MatchCondition(List.copyOf(all));
    }

    /** Whether it takes every request. */
    public boolean isAlways() {
        return all.isEmpty();
    }

    /** Whether it takes that request. */
    public boolean holds(Request request) {
        if (all.isEmpty()) {
            return true;
        }
        String host = HostPattern.normal(request.headers().get("host", ""));
        for (List<Alternative> alternatives : all) {
            if (!any(alternatives, request, host)) {
                return false;
            }
        }
        return true;
    }

    /** Why it does not take that request, in words; null where it does. */
    public @Nullable String missed(Request request, UnaryOperator<String> shown) {
        String host = HostPattern.normal(request.headers().get("host", ""));
        for (List<Alternative> alternatives : all) {
            if (!any(alternatives, request, host)) {
                return alternatives.stream()
                        .map(each -> missed(each, request, host, shown))
                        .distinct()
                        .collect(Collectors.joining("; "));
            }
        }
        return null;
    }

    private static String missed(Alternative one, Request request, String host, UnaryOperator<String> shown) {
        if (!takesHost(one.hosts(), host)) {
            return "host " + (host.isEmpty() ? "(none)" : host) + " is not " + either(one.hosts(), shown);
        }
        String path = request.target().path();
        if (!takesPath(one.paths(), path)) {
            return "path " + path + " is not "
                    + either(one.paths().stream().map(PathPattern::text).toList(), shown);
        }
        if (!one.conditions().takesMethod(request.method())) {
            return "method " + request.method() + " is not "
                    + either(one.conditions().methods(), shown);
        }
        String field = one.conditions().missedField(request.headers(), request.target(), shown);
        return field != null || one.condition() == null
                ? String.valueOf(field)
                : missed(one.condition(), request, shown);
    }

    private static String missed(Condition condition, Request request, UnaryOperator<String> shown) {
        String read = condition.read(request).entrySet().stream()
                .map(name -> name.getKey() + " is "
                        + (name.getValue() == null ? "absent" : Conditions.quoted(name.getValue())))
                .collect(Collectors.joining(", "));
        return shown.apply(condition.toString()) + " is not true" + (read.isEmpty() ? "" : ": " + read);
    }

    private static String either(List<?> patterns, UnaryOperator<String> shown) {
        return patterns.stream().map(each -> shown.apply(each.toString())).collect(Collectors.joining(" or "));
    }

    private static boolean any(List<Alternative> alternatives, Request request, String host) {
        for (Alternative alternative : alternatives) {
            if (alternative.conditions().takesMethod(request.method())
                    && takesHost(alternative.hosts(), host)
                    && takesPath(alternative.paths(), request.path())
                    && alternative.conditions().takesFields(request.headers(), request.target())
                    && (alternative.condition() == null
                            || alternative.condition().holds(request))) {
                return true;
            }
        }
        return false;
    }

    private static boolean takesHost(List<HostPattern> patterns, String host) {
        for (HostPattern pattern : patterns) {
            if (pattern.matches(host)) {
                return true;
            }
        }
        return patterns.isEmpty();
    }

    private static boolean takesPath(List<PathPattern> patterns, String path) {
        for (PathPattern pattern : patterns) {
            if (pattern.matches(path)) {
                return true;
            }
        }
        return patterns.isEmpty();
    }

    private static Alternative compile(When match) {
        return new Alternative(
                match.hosts().stream().map(HostPattern::parse).toList(),
                match.paths().stream().map(PathPattern::parse).toList(),
                Conditions.of(match.methods(), match.headers(), match.query()),
                match.condition());
    }
}
