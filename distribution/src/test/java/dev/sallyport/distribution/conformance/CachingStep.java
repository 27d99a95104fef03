package dev.sallyport.distribution.conformance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One request of a case of caching, and what comes of it. */
record CachingStep(int number, Map<String, Object> keys) {

    /** As Sallyport is held to it. */
    CachingStep here() {
        if (!(keys.get("here") instanceof Map<?, ?> more)) {
            return this;
        }
        Map<String, Object> all = new HashMap<>(keys);
        all.putAll(CachingCase.strings(more));
        return new CachingStep(number, all);
    }

    String text(String key, String otherwise) {
        return (String) keys.getOrDefault(key, otherwise);
    }

    int number(String key, int otherwise) {
        return (int) keys.getOrDefault(key, otherwise);
    }

    /** A value that may stand for a list of one; empty where it is not given. */
    @SuppressWarnings("unchecked")
    <T> List<T> list(String key) {
        Object value = keys.get(key);
        return value == null ? List.of() : value instanceof List<?> list ? (List<T>) list : List.of((T) value);
    }

    Map<String, Object> map(String key) {
        return CachingCase.strings(keys.getOrDefault(key, Map.of()));
    }

    boolean has(String key) {
        return keys.containsKey(key);
    }

    /** The outcomes that are allowed. */
    List<String> gets() {
        List<String> gets = list("gets");
        return gets.isEmpty() ? List.of("own") : gets;
    }

    boolean mayBeStale() {
        return gets().stream().anyMatch(one -> one.startsWith("stale"));
    }

    int times() {
        return number("times", 1);
    }

    String how() {
        return text("how", "");
    }
}
