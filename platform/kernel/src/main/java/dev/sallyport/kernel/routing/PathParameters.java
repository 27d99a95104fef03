package dev.sallyport.kernel.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which segments of a path are parameters. Immutable; it stands apart from the pattern that it is of, so that finding the
 * values touches little memory.
 */
final class PathParameters {

    static final PathParameters NONE = new PathParameters(new String[0], new int[0]);

    private final String[] names;

    /** The number of each one's segment, from 0. */
    private final int[] segments;

    private PathParameters(String[] names, int[] segments) {
        this.names = names;
        this.segments = segments;
    }

    static PathParameters in(List<SegmentsPath.Part> parts) {
        List<String> names = new ArrayList<>();
        int[] segments = new int[parts.size()];
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).parameter()) {
                segments[names.size()] = i;
                names.add(parts.get(i).text());
            }
        }
        return names.isEmpty() ? NONE : new PathParameters(names.toArray(String[]::new), segments);
    }

    boolean isEmpty() {
        return names.length == 0;
    }

    /**
     * Their values, decoded, in the pattern's order.
     *
     * @param path in normal form; one that the pattern takes
     */
    Map<String, String> valuesIn(String path) {
        Map<String, String> values = LinkedHashMap.newLinkedHashMap(names.length);
        int segment = 0;
        int at = 0;
        for (int i = 0; i < names.length; i++) {
            for (; segment < segments[i]; segment++) {
                at = SegmentsPath.end(path, at + 1);
            }
            values.put(names[i], NormalPath.decode(path, at + 1, SegmentsPath.end(path, at + 1)));
        }
        return Collections.unmodifiableMap(values);
    }
}
