package dev.sallyport.kernel.script;

import dev.sallyport.api.Scripts;
import java.net.URI;
import java.util.ArrayList;
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
 * @param fetches what it may fetch, and what it gets
 * @param expect what must come of it
 */
record ScriptCase(
        String name,
        Map<String, ?> config,
        Map<String, ?> exchange,
        Map<String, ?> request,
        Map<String, ?> response,
        List<Fetch> fetches,
        Map<String, ?> expect) {

    /**
     * A request that a script sends by fetch.
     *
     * @param request what is expected of it: method and url, and fields and body where they are named
     * @param response what it gets; {@code fails} in the place of a status lets it fail
     */
    record Fetch(Map<String, ?> request, Map<String, ?> response) {

        String method() {
            return request.get("method") instanceof String method ? method : "GET";
        }

        String url() {
            return String.valueOf(request.get("url"));
        }
    }

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
        known("cases[]: ", map, Set.of("name", "config", "exchange", "request", "response", "fetch", "expect"));
        if (!(map.get("name") instanceof String name)) {
            throw new IllegalArgumentException("cases[].name (expected: what the case shows)");
        }
        ScriptCase result = new ScriptCase(
                name,
                map.containsKey("config") ? map(map, "config") : config,
                map(map, "exchange"),
                map(map, "request"),
                map(map, "response"),
                fetches(map.get("fetch")),
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

    private static List<Fetch> fetches(@Nullable Object node) {
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof List<?> list)) {
            throw new IllegalArgumentException("fetch (expected: a list of requests, each with its response)");
        }
        List<Fetch> fetches = new ArrayList<>();
        for (Object one : list) {
            Map<String, ?> map = map("fetch[]", one);
            known("fetch[].", map, Set.of("method", "url", "headers", "body", "json", "response"));
            if (!(map.get("url") instanceof String)) {
                throw new IllegalArgumentException("fetch[].url (expected: https://api.example.com/…)");
            }
            Map<String, ?> response = map(map, "response");
            known("fetch[].response.", response, Set.of("status", "headers", "body", "json", "fails"));
            fetches.add(new Fetch(map, response));
        }
        return List.copyOf(fetches);
    }

    /**
     * Where it fetches from.
     *
     * @throws IllegalArgumentException where one of its URLs is none
     */
    List<Scripts.Origin> origins() {
        return fetches.stream()
                .map(fetch -> {
                    URI url = URI.create(fetch.url());
                    return Scripts.Origin.parse(url.getScheme() + "://" + url.getRawAuthority());
                })
                .distinct()
                .toList();
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
