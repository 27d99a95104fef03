package dev.sallyport.api;

import java.util.List;
import java.util.Map;

/**
 * The authenticated caller.
 *
 * @param name unique among consumers
 * @param groups the groups it belongs to
 * @param tags further facts, such as a tier
 */
public record Consumer(String name, List<String> groups, Map<String, String> tags) {

    public Consumer {
        groups = List.copyOf(groups);
        tags = Map.copyOf(tags);
    }

    /** A consumer without groups and tags. */
    public Consumer(String name) {
        this(name, List.of(), Map.of());
    }
}
