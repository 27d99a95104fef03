package dev.sallyport.kernel.script;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A case of a test file: what comes in, what {@code next} answers, and what is expected.
 *
 * @param name what it shows
 * @param config the step's settings
 * @param exchange route, parameters, client, consumer
 * @param request what the client sends
 * @param response what next answers; {@code fails} in the place of a status lets it fail
 * @param expect what must come of it
 */
record ScriptCase(
        String name,
        Map<String, ?> config,
        Map<String, ?> exchange,
        Map<String, ?> request,
        Map<String, ?> response,
        Map<String, ?> expect) {

    private static final Set<String> REQUEST = Set.of("method", "url", "headers", "body", "json");
    private static final Set<String> RESPONSE = Set.of("status", "headers", "body", "json");

    /**
     * Reads the cases of a file.
     *
     * @throws IllegalArgumentException where it is not of that form; the message names the key
     */
    static List<ScriptCase> read(Map<String, ?> file) {
        known("", file, Set.of("script", "config", "cases"));
        Map<String, ?> config = map(file, "config");
        if (!(file.get("cases") instanceof List<?> cases) || cases.isEmpty()) {
            throw new IllegalArgumentException("cases (expected: a list of cases)");
        }
        return cases.stream().map(one -> read(one, config)).toList();
    }

    private static ScriptCase read(@Nullable Object node, Map<String, ?> config) {
        Map<String, ?> map = map("cases[]", node);
        known("cases[]: ", map, Set.of("name", "config", "exchange", "request", "response", "expect"));
        if (!(map.get("name") instanceof String name)) {
            throw new IllegalArgumentException("cases[].name (expected: what the case shows)");
        }
        ScriptCase result = new ScriptCase(
                name,
                map.containsKey("config") ? map(map, "config") : config,
                map(map, "exchange"),
                map(map, "request"),
                map(map, "response"),
                map(map, "expect"));
        String at = name + ": ";
        known(at + "exchange.", result.exchange, Set.of("route", "parameters", "client", "consumer"));
        known(at + "request.", result.request, REQUEST);
        known(at + "response.", result.response, Set.of("status", "headers", "body", "json", "fails"));
        known(at + "expect.", result.expect, Set.of("request", "response", "error", "notes"));
        if (result.expect.isEmpty()) {
            throw new IllegalArgumentException(at + "expect (expected: request, response, error or notes)");
        }
        if (result.expect.get("request") instanceof Map<?, ?>) {
            known(at + "expect.request.", map(result.expect, "request"), REQUEST);
        }
        known(at + "expect.response.", map(result.expect, "response"), RESPONSE);
        return result;
    }

    /** The map under a key; an empty one where there is none. */
    static Map<String, ?> map(Map<String, ?> parent, String key) {
        return map(key, parent.get(key));
    }

    @SuppressWarnings("unchecked") // All keys are checked to be text.
    static Map<String, ?> map(String key, @Nullable Object value) {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map) || !map.keySet().stream().allMatch(String.class::isInstance)) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: a map)");
        }
        return (Map<String, ?>) map;
    }

    private static void known(String where, Map<String, ?> map, Set<String> keys) {
        for (String key : map.keySet()) {
            if (!keys.contains(key)) {
                throw new IllegalArgumentException(where + key + " (expected: one of "
                        + String.join(", ", keys.stream().sorted().toList()) + ")");
            }
        }
    }
}
