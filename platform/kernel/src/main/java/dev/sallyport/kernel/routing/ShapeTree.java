package dev.sallyport.kernel.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Paths of equally many segments, by their segments, to find those that share requests with another one. */
final class ShapeTree {

    private final Map<String, ShapeTree> literal = new HashMap<>();
    private @Nullable ShapeTree parameter;
    private @Nullable Shape here;

    private int steps;

    void add(Shape shape) {
        ShapeTree tree = this;
        for (String segment : Shape.segments(shape.text())) {
            if (!segment.equals(Shape.PARAMETER)) {
                tree = tree.literal.computeIfAbsent(segment, text -> new ShapeTree());
            } else {
                if (tree.parameter == null) {
                    tree.parameter = new ShapeTree();
                }
                tree = tree.parameter;
            }
        }
        tree.here = shape;
    }

    /**
     * Those that take some request which that one takes too, itself among them.
     *
     * @param most after how many steps to end the search
     */
    List<Shape> sharing(Shape shape, int most) {
        steps = 0;
        List<Shape> found = new ArrayList<>();
        search(this, Shape.segments(shape.text()), 0, most, found);
        return found;
    }

    /** How many steps the last search took. */
    int steps() {
        return steps;
    }

    private void search(ShapeTree tree, List<String> segments, int depth, int most, List<Shape> found) {
        if (++steps > most) {
            return;
        }
        if (depth == segments.size()) {
            if (tree.here != null) {
                found.add(tree.here);
            }
            return;
        }
        String segment = segments.get(depth);
        // A parameter takes no empty segment.
        if (tree.parameter != null && !segment.isEmpty()) {
            search(tree.parameter, segments, depth + 1, most, found);
        }
        if (segment.equals(Shape.PARAMETER)) {
            tree.literal.forEach((text, below) -> {
                if (!text.isEmpty()) {
                    search(below, segments, depth + 1, most, found);
                }
            });
            return;
        }
        ShapeTree below = tree.literal.get(segment);
        if (below != null) {
            search(below, segments, depth + 1, most, found);
        }
    }
}
