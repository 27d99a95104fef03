package dev.sallyport.kernel.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which segments of a path are parameters. It stands apart from the pattern that it is of, so that all patterns with the
 * same ones can share it.
 *
 * @param segments the number of each one's segment, from 0
 */
record PathParameters(List<String> names, List<Integer> segments) {

    static final PathParameters NONE = new PathParameters(List.of(), List.of());

    /**
     * Those of a pattern.
     *
     * @param outline the pattern as {@link PathPattern#outline} tells it
     */
    static PathParameters in(String outline) {
        List<String> names = new ArrayList<>();
        List<Integer> segments = new ArrayList<>();
        int segment = 0;
        int to;
        for (int at = 0; at < outline.length(); at = to) {
            to = SegmentsPath.end(outline, at + 1);
            if (SegmentsPath.isParameter(outline, at + 1)) {
                names.add(outline.substring(at + 2, to - 1));
                segments.add(segment);
            }
            segment++;
        }
        return names.isEmpty() ? NONE : new PathParameters(List.copyOf(names), List.copyOf(segments));
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /**
     * Their values, decoded, in the pattern's order.
     *
     * @param path in normal form; one that the pattern takes
     */
    Map<String, String> valuesIn(String path) {
        if (names.size() == 1) {
            return Map.of(names.getFirst(), value(path, skip(path, 0, segments.getFirst())));
        }
        Map<String, String> values = LinkedHashMap.newLinkedHashMap(names.size());
        int segment = 0;
        int at = 0;
        for (int i = 0; i < names.size(); i++) {
            at = skip(path, at, segments.get(i) - segment);
            segment = segments.get(i);
            values.put(names.get(i), value(path, at));
        }
        return Collections.unmodifiableMap(values);
    }

    private static String value(String path, int slash) {
        return NormalPath.decode(path, slash + 1, SegmentsPath.end(path, slash + 1));
    }

    private static int skip(String path, int slash, int count) {
        int at = slash;
        for (int i = 0; i < count; i++) {
            at = SegmentsPath.end(path, at + 1);
        }
        return at;
    }
}
