package dev.sallyport.plugins.console;

import dev.sallyport.api.telemetry.Metric;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway's metrics say of states: circuits that are not closed, targets that are not well, connections.
 *
 * @param troubles as JSON shapes, no more than asked for
 * @param connections of clients, by listener
 */
record States(List<Map<String, Object>> troubles, Map<String, Long> connections) {

    static final States NONE = new States(List.of(), Map.of());

    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("route");
    private static final AttributeKey<String> STEP = AttributeKey.stringKey("step");
    private static final AttributeKey<String> TARGET = AttributeKey.stringKey("target");
    private static final AttributeKey<String> UPSTREAM = AttributeKey.stringKey("upstream");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("state");
    private static final AttributeKey<String> LISTENER = AttributeKey.stringKey("listener");

    /** @param most how many troubles to tell */
    static States of(List<Metric> metrics, int most) {
        List<Map<String, Object>> troubles = new ArrayList<>();
        Map<String, Long> connections = new TreeMap<>();
        for (Metric metric : metrics) {
            switch (metric.name()) {
                case "sallyport.circuit_breaker.state" ->
                    values(metric, (of, value) -> {
                        if (value > 0) {
                            troubles.add(trouble(
                                    "breaker",
                                    of.get(ROUTE),
                                    of.get(STEP),
                                    of.get(TARGET),
                                    value > 1 ? "open" : "half-open",
                                    1));
                        }
                    });
                case "sallyport.upstream.targets" ->
                    values(metric, (of, value) -> {
                        if (value > 0 && !"available".equals(of.get(STATE))) {
                            troubles.add(trouble(
                                    "target", of.get(UPSTREAM), null, null, String.valueOf(of.get(STATE)), (long)
                                            value));
                        }
                    });
                case "sallyport.upstream.panic" ->
                    values(metric, (of, value) -> {
                        if (value > 0) {
                            troubles.add(trouble("upstream", of.get(UPSTREAM), null, null, "panic", 1));
                        }
                    });
                case "sallyport.connections" ->
                    values(metric, (of, value) -> connections.put(String.valueOf(of.get(LISTENER)), (long) value));
                default -> {}
            }
        }
        return new States(
                troubles.size() <= most ? List.copyOf(troubles) : List.copyOf(troubles.subList(0, most)), connections);
    }

    private interface Take {
        void take(Attributes of, double value);
    }

    private static void values(Metric metric, Take take) {
        for (Metric.Point point : metric.points()) {
            if (point instanceof Metric.Value value) {
                take.take(value.attributes(), value.value());
            }
        }
    }

    private static Map<String, Object> trouble(
            String kind,
            @Nullable String of,
            @Nullable String step,
            @Nullable String target,
            String state,
            long count) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind);
        json.put("name", of);
        json.put("step", step);
        json.put("target", target);
        json.put("state", state);
        json.put("count", count);
        return json;
    }
}
