package dev.sallyport.kernel.config;

import dev.sallyport.api.processor.Definition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value as a file gives it, with its place: text is kept as text until it is bound to the type of its key, so
 * {@code off}, {@code 010} and {@code 1.10} are what they look like. Immutable.
 */
@Definition("any")
public sealed interface ConfigNode {

    /** Where it stands. */
    Place place();

    /**
     * What it says, without places: two nodes that say the same have equal contents. For comparing only: it holds
     * secrets.
     */
    Object content();

    /** How a message shows it; never a secret. */
    String shown();

    /**
     * A scalar.
     *
     * @param text its text, with references to secrets put in their place; {@code ""} for null
     * @param written its text as the file has it: what every output shows
     * @param quoted whether it stood in quotes, so that it is never null, boolean or number
     * @param secrets what was put in for references
     */
    record Scalar(String text, String written, boolean quoted, Place place, List<String> secrets)
            implements ConfigNode {

        /** A scalar as it is written, without references. */
        public Scalar(String text, boolean quoted, Place place) {
            this(text, text, quoted, place, List.of());
        }

        /** Whether a secret was put in: then only {@link #written} may be shown. */
        public boolean isTainted() {
            return !secrets.isEmpty();
        }

        /** Whether it is YAML's null: nothing at all, {@code null} or {@code ~}. */
        public boolean isNull() {
            return !quoted && written.isEmpty();
        }

        @Override
        public Object content() {
            return quoted || isTainted() ? text : new Plain(text);
        }

        @Override
        public String shown() {
            String line = written.replace("\n", "\\n");
            if (line.isBlank()) {
                return isNull() ? "nothing" : "'" + line + "'";
            }
            return line.length() > 80 ? line.substring(0, 77) + "…" : line;
        }

        /** As it is written. */
        @Override
        public String toString() {
            return written;
        }

        /** A text without quotes, which may be bound to a boolean where the same text in quotes may not. */
        private record Plain(String text) {}
    }

    /** A list. */
    record Sequence(List<ConfigNode> items, Place place) implements ConfigNode {

        @Override
        public Object content() {
            return items.stream().map(ConfigNode::content).toList();
        }

        @Override
        public String shown() {
            return "a list";
        }
    }

    /** A mapping, in the file's order; the place of each key is kept beside its value. */
    record Mapping(Map<String, Entry> entries, Place place) implements ConfigNode {

        /** The value of that key; null where it is not given, or given as null. */
        public @Nullable ConfigNode get(String key) {
            Entry entry = entries.get(key);
            return entry == null || (entry.value() instanceof Scalar scalar && scalar.isNull()) ? null : entry.value();
        }

        @Override
        public Object content() {
            Map<String, Object> contents = new LinkedHashMap<>();
            entries.forEach((key, entry) -> contents.put(key, entry.value().content()));
            return contents;
        }

        @Override
        public String shown() {
            return "a mapping";
        }
    }

    /** A value and where its key stands. */
    record Entry(Place key, ConfigNode value) {}
}
