package dev.sallyport.plugins.mask;

import dev.sallyport.json.JsonRewriter;
import dev.sallyport.json.Place;
import dev.sallyport.json.Rewriter;
import dev.sallyport.json.ScalarEdit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hides what is named and what is found in one JSON body. For one thread. */
final class JsonHiding {

    private final Hiding hiding;
    private final Count count;
    private final ScalarEdit search;
    private final @Nullable Place elsewhere;

    private JsonHiding(Hiding hiding, Count count) {
        this.hiding = hiding;
        this.count = count;
        search = new Search(hiding.patterns(), count);
        elsewhere = hiding.hasNames() || !hiding.patterns().isEmpty() ? new At(List.of()) : null;
    }

    static Rewriter rewriter(Hiding hiding, FieldTree fields, boolean lines, Count count) {
        return new JsonRewriter(new JsonHiding(hiding, count).new At(List.of(fields)), Place.Values.NONE, lines);
    }

    /** A place that is not hidden itself, with what is named inside of it. */
    private final class At extends Place {

        private final List<FieldTree> named;

        At(List<FieldTree> named) {
            this.named = named;
        }

        @Override
        public Edit edit() {
            return hiding.patterns().isEmpty() ? Edit.KEEP : Edit.SCALAR;
        }

        @Override
        public boolean hasParts() {
            return elsewhere != null || named.stream().anyMatch(FieldTree::hasParts);
        }

        @Override
        public @Nullable Place member(String name) {
            Place inside = named.isEmpty() ? elsewhere : inside(name);
            if (inside instanceof Hidden || !hiding.hasNames()) {
                return inside;
            }
            Style style = hiding.name(name);
            return style == null ? inside : new Hidden(style);
        }

        @Override
        public @Nullable Place element(long index) {
            return named.isEmpty() ? elsewhere : inside(Long.toString(index));
        }

        private @Nullable Place inside(String name) {
            List<FieldTree> parts = new ArrayList<>(2);
            for (FieldTree tree : named) {
                add(parts, tree.part(name));
                add(parts, tree.each());
            }
            for (FieldTree part : parts) {
                Style style = part.style();
                if (style != null) {
                    return new Hidden(style);
                }
            }
            return parts.isEmpty() ? elsewhere : new At(parts);
        }

        private static void add(List<FieldTree> parts, @Nullable FieldTree part) {
            if (part != null) {
                parts.add(part);
            }
        }

        @Override
        public ScalarEdit scalar() {
            return search;
        }
    }

    /** A place that is hidden, and all that is inside of it. */
    private final class Hidden extends Place {

        private final Style style;

        Hidden(Style style) {
            this.style = style;
        }

        @Override
        public Edit edit() {
            if (style.removes()) {
                count.hidden("field");
                return Edit.REMOVE;
            }
            return Edit.SCALAR;
        }

        @Override
        public boolean hasParts() {
            return true;
        }

        @Override
        public Place member(String name) {
            return this;
        }

        @Override
        public Place element(long index) {
            return this;
        }

        @Override
        public ScalarEdit scalar() {
            return new Whole(style, count);
        }
    }
}
