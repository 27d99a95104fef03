package dev.sallyport.plugins.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Boxes, and lines between them, with what passes. For one thread. */
final class Picture {

    private final double seconds;
    private final List<Map<String, Object>> nodes = new ArrayList<>();
    private final Map<List<String>, Count> edges = new LinkedHashMap<>();

    /** @param seconds of how many the counts are */
    Picture(double seconds) {
        this.seconds = seconds;
    }

    /** What lines name a box by. */
    static String id(String kind, String key) {
        return kind + ":" + key;
    }

    /**
     * Adds a box.
     *
     * @return it, as a JSON shape, for what else there is to say of it
     */
    Map<String, Object> node(String kind, String key, String name, Count count) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("id", id(kind, key));
        node.put("kind", kind);
        node.put("name", name);
        rates(node, count);
        node.put("p99", count.percentile(0.99));
        nodes.add(node);
        return node;
    }

    /** Draws a line. */
    void edge(String from, String to, Count count) {
        edges.put(List.of(from, to), count);
    }

    /** Adds to a line, which is drawn where there is none. */
    void add(String from, String to, Count count) {
        edges.computeIfAbsent(List.of(from, to), first -> new Count()).add(count);
    }

    private void rates(Map<String, Object> json, Count count) {
        json.put("rps", count.requests() / seconds);
        json.put("errorRps", count.errors() / seconds);
    }

    List<Map<String, Object>> nodes() {
        return nodes;
    }

    /** Those between boxes that are there. */
    List<Map<String, Object>> edges() {
        Set<Object> ids = new LinkedHashSet<>();
        nodes.forEach(node -> ids.add(node.get("id")));
        List<Map<String, Object>> list = new ArrayList<>();
        edges.forEach((ends, count) -> {
            if (ids.containsAll(ends)) {
                Map<String, Object> edge = new LinkedHashMap<>();
                edge.put("from", ends.getFirst());
                edge.put("to", ends.getLast());
                rates(edge, count);
                list.add(edge);
            }
        });
        return list;
    }
}
