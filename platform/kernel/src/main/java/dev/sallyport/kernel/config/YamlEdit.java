package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.YamlSpans.Kind;
import dev.sallyport.kernel.config.YamlSpans.Span;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges one part of a configuration's text (a route, an upstream, a consumer) and leaves all else as it is written,
 * comments too.
 *
 * @param section such as {@code routes}
 * @param name of the part
 */
public record YamlEdit(String section, String name) {

    /** What a part is to be, in a list by its name, in a map under it. */
    private static final Map<String, Kind> SECTIONS =
            Map.of("routes", Kind.LIST, "consumers", Kind.LIST, "upstreams", Kind.MAP);

    private record Splice(int from, int to, String text) {

        String in(String whole) {
            return whole.substring(0, from) + text + whole.substring(to);
        }
    }

    /** The line of the part in a text, 1 for the first; 0 where it is not there. */
    public int line(String text) {
        Found found = find(text);
        return found == null || found.index() < 0
                ? 0
                : (int) text.substring(0, found.from())
                                .chars()
                                .filter(c -> c == '\n')
                                .count()
                        + 1;
    }

    /**
     * The text with that part, in the place of the one of its name, or as the last.
     *
     * @throws IllegalArgumentException where the text cannot be understood
     */
    public String put(String text, ConfigNode value) {
        Found found = find(text);
        if (found == null) {
            throw new IllegalArgumentException("it is no mapping");
        }
        return splice(text, found, value).in(text);
    }

    /** The text without that part. */
    public String remove(String text) {
        Found found = find(text);
        return found == null || found.index() < 0 ? text : without(text, found).in(text);
    }

    /**
     * Where the part is, or where it would be.
     *
     * @param root the whole
     * @param holder the section's value; null where it is not given, or nothing
     * @param index of the part in its section; -1 where it is not there
     */
    private record Found(Span root, @Nullable Span holder, int index, int step) {

        Span part() {
            return at(index);
        }

        /** The item, or the value of the key. */
        Span at(int i) {
            return java.util.Objects.requireNonNull(holder).inside().get(i * step + step - 1);
        }

        /** Where the item, or its key, begins. */
        int from(int i) {
            return java.util.Objects.requireNonNull(holder)
                    .inside()
                    .get(i * step)
                    .from();
        }

        int from() {
            return from(index);
        }

        int size() {
            return holder == null ? 0 : holder.inside().size() / step;
        }
    }

    private @Nullable Found find(String text) {
        Kind kind = SECTIONS.get(section);
        Span root = YamlSpans.of(text);
        if (kind == null || (root == null && !text.isBlank()) || (root != null && root.kind() != Kind.MAP)) {
            return null;
        }
        if (root == null) {
            root = new Span(Kind.MAP, 0, text.length(), false, "", List.of());
        }
        int step = kind == Kind.MAP ? 2 : 1;
        Span holder = root.get(section);
        if (holder == null || holder.isNothing() || holder.kind() != kind) {
            return new Found(root, null, -1, step);
        }
        for (int i = 0; i * step < holder.inside().size(); i++) {
            Span one = holder.inside().get(i * step);
            Span named = step == 1 ? one.get("name") : one;
            if (named != null && named.value().equals(name)) {
                return new Found(root, holder, i, step);
            }
        }
        return new Found(root, holder, -1, step);
    }

    private Splice splice(String text, Found found, ConfigNode value) {
        Span holder = found.holder();
        if (holder == null) {
            return section(text, found, value);
        }
        if (found.index() >= 0) {
            if (holder.flow()) {
                return new Splice(found.part().from(), found.part().to(), WrittenText.flow(value));
            }
            int from = start(text, found, found.index());
            return new Splice(from, found.part().to(), lines(value, column(text, from), found.step()));
        }
        if (holder.flow() || found.size() == 0) {
            int end = holder.to() - 1;
            return new Splice(end, end, (found.size() == 0 ? "" : ", ") + flow(value, found.step()));
        }
        int last = found.size() - 1;
        int column = column(text, start(text, found, last));
        int end = endOfLine(text, found.at(last).to());
        return new Splice(end, end, "\n" + " ".repeat(column) + lines(value, column, found.step()));
    }

    private Splice section(String text, Found found, ConfigNode value) {
        Span root = found.root();
        Span nothing = root.get(section);
        if (nothing != null) { // a key without a value
            int end = nothing.to();
            return new Splice(
                    nothing.from(), end, found.step() == 1 ? " [" + flow(value, 1) + "]" : " {" + flow(value, 2) + "}");
        }
        if (root.flow()) {
            int end = root.to() - 1;
            String comma = root.inside().isEmpty() ? "" : ", ";
            String inner = found.step() == 1 ? "[" + flow(value, 1) + "]" : "{" + flow(value, 2) + "}";
            return new Splice(end, end, comma + section + ": " + inner);
        }
        String feed = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        return new Splice(
                text.length(), text.length(), feed + section + ":\n  " + lines(value, 2, found.step()) + "\n");
    }

    private Splice without(String text, Found found) {
        Span holder = java.util.Objects.requireNonNull(found.holder());
        int i = found.index();
        if (holder.flow()) {
            if (i + 1 < found.size()) {
                return new Splice(found.from(i), found.from(i + 1), "");
            }
            return new Splice(
                    i > 0 ? found.at(i - 1).to() : found.from(i), found.part().to(), "");
        }
        int from = start(text, found, i);
        if (found.size() == 1) {
            return new Splice(from, found.part().to(), found.step() == 1 ? "[]" : "{}");
        }
        int line = from - column(text, from);
        return new Splice(
                line, Math.min(text.length(), endOfLine(text, found.part().to()) + 1), "");
    }

    /** Where a part in block style begins: its dash, or its key. */
    private static int start(String text, Found found, int i) {
        int from = found.from(i);
        if (found.step() == 2) {
            return from;
        }
        int dash = from - 1;
        while (dash > 0 && Character.isWhitespace(text.charAt(dash))) {
            dash--;
        }
        return text.charAt(Math.max(dash, 0)) == '-' ? dash : from;
    }

    private static int column(String text, int index) {
        return index - (text.lastIndexOf('\n', index - 1) + 1);
    }

    private static int endOfLine(String text, int index) {
        int feed = text.indexOf('\n', index);
        return feed < 0 ? text.length() : feed;
    }

    /** The part as lines, the first without its indent, the last without its line feed. */
    private String lines(ConfigNode value, int column, int step) {
        String lines = step == 1 ? WrittenText.item(value, column) : WrittenText.entry(name, value, column, 100);
        return lines.substring(column, lines.length() - 1);
    }

    private String flow(ConfigNode value, int step) {
        String flow = WrittenText.entry(name, value, 0, Integer.MAX_VALUE);
        return step == 1 ? WrittenText.flow(value) : flow.substring(0, flow.length() - 1);
    }
}
