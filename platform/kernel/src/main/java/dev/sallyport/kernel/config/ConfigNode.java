package dev.sallyport.kernel.config;

import java.util.List;
import java.util.Map;

/**
 * A value as a file gives it, with its place: text is kept as text until it is bound to the type of its key, so
 * {@code off}, {@code 010} and {@code 1.10} are what they look like. Immutable.
 */
public sealed interface ConfigNode {

    /** Where it stands. */
    Place place();

    /**
     * A scalar.
     *
     * @param text its text, with references to secrets put in their place; {@code ""} for null
     * @param written its text as the file has it: what every output shows
     * @param quoted whether it stood in quotes, so that it is never null, boolean or number
     */
    record Scalar(String text, String written, boolean quoted, Place place) implements ConfigNode {

        /** Whether a secret was put in: then only {@link #written} may be shown. */
        public boolean isTainted() {
            return !text.equals(written);
        }
    }

    /** A list. */
    record Sequence(List<ConfigNode> items, Place place) implements ConfigNode {}

    /** A mapping, in the file's order; the place of each key is kept beside its value. */
    record Mapping(Map<String, Entry> entries, Place place) implements ConfigNode {}

    /** A value and where its key stands. */
    record Entry(Place key, ConfigNode value) {}
}
