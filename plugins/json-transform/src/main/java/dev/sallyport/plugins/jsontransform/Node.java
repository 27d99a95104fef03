package dev.sallyport.plugins.jsontransform;

import dev.sallyport.json.Bytes;
import dev.sallyport.json.JsonText;
import dev.sallyport.json.Place;
import dev.sallyport.json.Pointer;
import dev.sallyport.json.Pointer.Step;
import dev.sallyport.json.ScalarEdit;
import dev.sallyport.plugins.jsontransform.Change.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place that one pass over a document changes, or that has such places inside. Not changed once it is made. */
final class Node extends Place {

    private final Map<String, Node> parts = new LinkedHashMap<>();
    private final List<Integer> appended = new ArrayList<>();
    private @Nullable Node each;
    private @Nullable Change change;
    private byte @Nullable [] newName;
    private boolean renamed; // it, or one that gets its name
    private boolean isMade;
    private int slot = -1;
    private int slots;

    private Node() {}

    /** The document, for changes that are apart from each other. */
    static Node of(List<Change> changes) {
        Node root = new Node();
        changes.forEach(root::take);
        return root;
    }

    private void take(Change change) {
        Pointer place = change.place();
        if (!place.steps().isEmpty() && place.last().isEnd()) {
            inside(place, place.steps().size() - 1, true).appended.add(change.value());
            return;
        }
        Node node = inside(place, place.steps().size(), change.kind().makes());
        node.change = change;
        if (change.kind() == Kind.RENAME) {
            Node target = inside(place.sibling(change.name()), place.steps().size(), false);
            node.newName = JsonText.quoted(change.name());
            node.renamed = true;
            target.renamed = true;
            target.slot = node.slot;
        }
    }

    /** @param makes whether it is made where it is missing: what is made stands in the order of the list */
    private Node inside(Pointer place, int count, boolean makes) {
        Node node = this;
        for (int i = 0; i < count; i++) {
            Step step = place.steps().get(i);
            Node part = step.any() ? node.each() : node.part(step.name());
            boolean made = makes
                    && !step.any()
                    && place.steps().subList(i + 1, count).stream().noneMatch(next -> next.any() || next.isIndex());
            if (made && !part.isMade) {
                part.isMade = true;
                node.parts.remove(step.name());
                node.parts.put(step.name(), part);
            }
            node = part;
        }
        return node;
    }

    private Node each() {
        if (each == null) {
            each = new Node();
        }
        return each;
    }

    private Node part(String name) {
        Node part = parts.get(name);
        if (part == null) {
            part = new Node();
            part.slot = slots++;
            parts.put(name, part);
        }
        return part;
    }

    @Override
    public Edit edit() {
        return change == null
                ? Edit.KEEP
                : switch (change.kind()) {
                    case SET, REPLACE -> Edit.REPLACE;
                    case REMOVE -> Edit.REMOVE;
                    case MASK -> Edit.SCALAR;
                    case ADD, RENAME -> Edit.KEEP;
                };
    }

    private boolean isMasked() {
        return change != null && change.kind() == Kind.MASK;
    }

    @Override
    public boolean hasParts() {
        return each != null || !parts.isEmpty() || !appended.isEmpty() || isMasked();
    }

    @Override
    public @Nullable Place member(String name) {
        return isMasked() ? this : each != null ? each : parts.get(name);
    }

    @Override
    public @Nullable Place element(long index) {
        return isMasked() ? this : each != null ? each : parts.isEmpty() ? null : parts.get(Long.toString(index));
    }

    @Override
    public byte @Nullable [] value(Values values) {
        return change == null ? null : values.json(change.value());
    }

    @Override
    public ScalarEdit scalar() {
        return new Stars();
    }

    @Override
    public byte @Nullable [] name() {
        return newName;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public boolean isFirstOnly() {
        return renamed;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public void end(boolean array, boolean[] seen, Values values, Parts to) {
        if (array) {
            for (int value : appended) {
                byte[] json = values.json(value);
                if (json != null) {
                    to.add(null, json);
                }
            }
            return;
        }
        parts.forEach((name, part) -> {
            if (!seen[part.slot]) {
                byte[] json = part.made(values);
                if (json != null) {
                    to.add(JsonText.quoted(name), json);
                }
            }
        });
    }

    /** What stands here where nothing was; null where nothing is to. */
    private byte @Nullable [] made(Values values) {
        if (change != null) {
            return change.kind().makes() ? values.json(change.value()) : null;
        }
        Bytes json = new Bytes();
        boolean array = !appended.isEmpty();
        if (each != null || parts.keySet().stream().anyMatch(Node::isIndex)) {
            return null; // of an array that is not there it is not known what stands before
        }
        json.write(array ? '[' : '{');
        Parts to = (name, value) -> {
            if (json.size() > 1) {
                json.write(',');
            }
            if (name != null) {
                json.write(name);
                json.write(':');
            }
            json.write(value);
        };
        end(array, new boolean[slots], values, to);
        if (json.size() == 1) {
            return null;
        }
        json.write(array ? ']' : '}');
        return json.toArray();
    }

    private static boolean isIndex(String name) {
        return new Step(name, false).isIndex();
    }

    /** Writes three stars, but leaves null. */
    private static final class Stars implements ScalarEdit {

        private static final byte[] STARS = "\"***\"".getBytes(StandardCharsets.UTF_8);
        private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

        private boolean begun;
        private boolean isNull;

        @Override
        public void start() {
            begun = false;
        }

        @Override
        public void take(byte[] bytes, int from, int to, Bytes out) {
            if (!begun) {
                begun = true;
                isNull = bytes[from] == 'n';
            }
        }

        @Override
        public void end(Bytes out) {
            out.write(isNull ? NULL : STARS);
        }
    }
}
