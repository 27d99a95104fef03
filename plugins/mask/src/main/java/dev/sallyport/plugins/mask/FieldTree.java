package dev.sallyport.plugins.mask;

import dev.sallyport.json.Pointer.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The places in JSON that are named, by their steps. Not changed once it is made. */
final class FieldTree {

    private final Map<String, FieldTree> parts = new HashMap<>();
    private @Nullable FieldTree each;
    private @Nullable Style style;

    static FieldTree of(List<Hiding.Field> fields) {
        FieldTree root = new FieldTree();
        for (Hiding.Field field : fields) {
            FieldTree at = root;
            for (Step step : field.place().steps()) {
                at = at.inside(step);
            }
            at.style = at.style == null ? field.style() : at.style;
        }
        return root;
    }

    private FieldTree inside(Step step) {
        if (!step.any()) {
            return parts.computeIfAbsent(step.name(), _ -> new FieldTree());
        }
        if (each == null) {
            each = new FieldTree();
        }
        return each;
    }

    /** Those of a name or an index. */
    @Nullable
    FieldTree part(String name) {
        return parts.get(name);
    }

    /** That of every name and index. */
    @Nullable
    FieldTree each() {
        return each;
    }

    @Nullable
    Style style() {
        return style;
    }

    boolean hasParts() {
        return each != null || !parts.isEmpty();
    }
}
