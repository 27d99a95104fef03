package dev.sallyport.distribution.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One case of caching, as its file has it; what the keys mean stands in {@code resources/caching/README.md}.
 *
 * @param folder the beginning of its path: one for each config that the step {@code cache} has in a case
 */
public record CachingCase(String area, Map<String, Object> keys, String folder) {

    /** The areas in the order that the page shows them. */
    public static final List<String> AREAS = List.of(
            "storing",
            "fields",
            "authorization",
            "keys",
            "vary",
            "freshness",
            "dates",
            "age",
            "validation",
            "conditional",
            "ranges",
            "head",
            "invalidation",
            "requests",
            "responses",
            "stale",
            "collapse",
            "cache-status",
            "targeted",
            "defence",
            "data");

    /** All cases of all files. */
    public static List<CachingCase> all() {
        List<CachingCase> all = new ArrayList<>();
        Map<String, String> folders = new LinkedHashMap<>();
        folders.put("{}", "/c");
        for (String area : AREAS) {
            try (InputStream file =
                    Objects.requireNonNull(CachingCase.class.getResourceAsStream("/caching/" + area + ".yaml"))) {
                Load load = new Load(LoadSettings.builder()
                        .setAllowDuplicateKeys(false)
                        .setLabel(area)
                        .build());
                for (Object one : (List<?>) load.loadFromInputStream(file)) {
                    Map<String, Object> keys = strings(one);
                    String config = yaml(keys.getOrDefault("config", Map.of()));
                    all.add(new CachingCase(area, keys, folders.computeIfAbsent(config, any -> "/c" + folders.size())));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    /** Its name. */
    public String id() {
        return (String) keys.get("id");
    }

    /** The section that it comes from. */
    public String rfc() {
        return (String) keys.get("rfc");
    }

    /** The sentence. */
    public String says() {
        return (String) keys.get("says");
    }

    /** {@code must}, {@code should} or {@code policy}. */
    public String level() {
        return (String) keys.get("level");
    }

    /** Why a peer does otherwise on purpose; null where it does not. */
    String deviates(String peer) {
        return keys.get("deviates") instanceof Map<?, ?> peers ? (String) peers.get(peer) : null;
    }

    /** The config of the step {@code cache}, as YAML. */
    public String config() {
        return yaml(keys.getOrDefault("config", Map.of()));
    }

    /** Its path. */
    String url() {
        return folder + "/" + id();
    }

    List<CachingStep> steps() {
        List<CachingStep> steps = new ArrayList<>();
        for (Object step : (List<?>) keys.get("play")) {
            steps.add(new CachingStep(steps.size() + 1, strings(step)));
        }
        return steps;
    }

    private static String yaml(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(one -> one.getKey() + ": " + yaml(one.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list -> list.stream().map(CachingCase::yaml).collect(Collectors.joining(", ", "[", "]"));
            default -> value.toString();
        };
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> strings(Object map) {
        return (Map<String, Object>) map;
    }

    @Override
    public String toString() {
        return id();
    }
}
