package dev.sallyport.kernel.trace;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Percent;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.StatusRange;
import dev.sallyport.kernel.routing.MatchCondition;
import dev.sallyport.kernel.routing.MatchSyntax;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which exchanges somebody wants to see; all that is given must hold. Immutable and thread-safe.
 *
 * @param head what can be judged as soon as the head of the request has come
 * @param share how many of those; null for all
 */
public record TraceFilter(
        @Nullable String route,
        @Nullable String consumer,
        @Nullable StatusRange status,
        @Nullable String once,
        MatchCondition head,
        @Nullable Percent share) {

    /** The keys that {@link #of} takes. */
    public static final Set<String> KEYS =
            Set.of("route", "consumer", "status", "once", "method", "host", "path", "header", "query", "share");

    /** One that takes all. */
    public static final TraceFilter ALL = of(Map.of());

    /**
     * Reads one.
     *
     * @param values {@code route}, {@code consumer}, {@code status} (404, 500-599 or 5xx), {@code once}, {@code method},
     *     {@code host}, {@code path}, {@code header} and {@code query} ({@code name=value}), {@code share} ({@code 5%})
     * @throws IllegalArgumentException where a value is not one
     */
    public static TraceFilter of(Map<String, String> values) {
        for (String key : values.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(key + " (expected: one of "
                        + String.join(", ", KEYS.stream().sorted().toList()) + ")");
            }
        }
        String status = values.get("status");
        String share = values.get("share");
        return new TraceFilter(
                values.get("route"),
                values.get("consumer"),
                status == null ? null : status(status),
                values.get("once"),
                head(values),
                share == null ? null : Percent.parse(share));
    }

    private static StatusRange status(String text) {
        return text.matches("[1-5]xx")
                ? StatusRange.parse(text.charAt(0) + "00-" + text.charAt(0) + "99")
                : StatusRange.parse(text);
    }

    private static MatchCondition head(Map<String, String> values) {
        List<String> hosts = list(values.get("host"));
        List<String> paths = list(values.get("path"));
        List<String> methods = list(values.get("method"));
        methods.forEach(MatchSyntax::checkMethod);
        Map<String, String> headers = pair("header", values);
        headers.keySet().forEach(MatchSyntax::checkHeaderName);
        return MatchCondition.anyOf(List.of(new GatewayConfig.When(
                hosts, paths, methods, headers, pair("query", values), null, new Place("", 0, 0))));
    }

    private static List<String> list(@Nullable String value) {
        return value == null ? List.of() : List.of(value);
    }

    private static Map<String, String> pair(String key, Map<String, String> values) {
        String text = values.get(key);
        if (text == null) {
            return Map.of();
        }
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(key + ": " + text + " (expected: name=value)");
        }
        return Map.of(
                text.substring(0, equals).strip(), text.substring(equals + 1).strip());
    }

    /** Whether an exchange whose request has just come may be one. */
    boolean mayTake(Request request) {
        return once == null
                && head.holds(request)
                && (share == null || ThreadLocalRandom.current().nextDouble(100) < share.value());
    }

    /** Whether exchanges of that route may; null: that met none. */
    boolean takesRoute(@Nullable String met) {
        return route == null || route.equals(met == null ? TraceRing.NO_ROUTE : met);
    }

    /** Whether one that has ended so is one, as far as these say. */
    boolean takesEnd(@Nullable String caller, int ended) {
        return (consumer == null || consumer.equals(caller)) && (status == null || status.has(ended));
    }

    /** Whether a trace is one, as far as that can be told of a trace: its head and its share are not looked at. */
    boolean takes(Trace trace) {
        return takesRoute(trace.route())
                && takesEnd(trace.consumer(), trace.status())
                && (once == null || once.equals(trace.once()));
    }
}
