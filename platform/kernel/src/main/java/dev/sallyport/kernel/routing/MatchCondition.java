package dev.sallyport.kernel.routing;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
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

    private record Alternative(List<HostPattern> hosts, List<PathPattern> paths, Conditions conditions) {}

    private MatchCondition(List<List<Alternative>> all) {
        this.all = all;
    }

    /** Any of these matches; an empty list takes every request. */
    public static MatchCondition anyOf(List<Match> matches) {
        return allOf(List.of(matches));
    }

    /** Any match of each of these lists; an empty list takes every request. */
    public static MatchCondition allOf(List<List<Match>> lists) {
        List<List<Alternative>> all = new ArrayList<>();
        for (List<Match> matches : lists) {
            if (matches.stream().noneMatch(Match::isEmpty)) {
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
        return all.isEmpty()
                || holds(request.method(), request.headers().get("host", ""), request.target(), request.headers());
    }

    /** Whether it takes a request of those parts. */
    public boolean holds(String method, String host, RequestTarget target, Headers headers) {
        if (all.isEmpty()) {
            return true;
        }
        String name = HostPattern.normal(host);
        for (List<Alternative> alternatives : all) {
            if (!any(alternatives, method, name, target, headers)) {
                return false;
            }
        }
        return true;
    }

    /** Why it does not take that request, in words; null where it does. */
    public @Nullable String missed(Request request, UnaryOperator<String> shown) {
        String host = HostPattern.normal(request.headers().get("host", ""));
        for (List<Alternative> alternatives : all) {
            if (!any(alternatives, request.method(), host, request.target(), request.headers())) {
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
        return String.valueOf(one.conditions().missedField(request.headers(), request.target(), shown));
    }

    private static String either(List<?> patterns, UnaryOperator<String> shown) {
        return patterns.stream().map(each -> shown.apply(each.toString())).collect(Collectors.joining(" or "));
    }

    private static boolean any(
            List<Alternative> alternatives, String method, String host, RequestTarget target, Headers headers) {
        for (Alternative alternative : alternatives) {
            if (alternative.conditions().takesMethod(method)
                    && takesHost(alternative.hosts(), host)
                    && takesPath(alternative.paths(), target.path())
                    && alternative.conditions().takesFields(headers, target)) {
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

    private static Alternative compile(Match match) {
        return new Alternative(
                match.hosts().stream().map(HostPattern::parse).toList(),
                match.paths().stream().map(PathPattern::parse).toList(),
                Conditions.of(match.methods(), match.headers(), match.query()));
    }
}
