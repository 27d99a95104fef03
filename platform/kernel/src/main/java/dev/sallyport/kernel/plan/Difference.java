package dev.sallyport.kernel.plan;

import dev.sallyport.kernel.config.Place;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How one part of a configuration differs from what it was.
 *
 * @param part {@code route orders}, {@code upstream orders}, {@code admin}
 * @param place where it stands now; where it stood, if it is gone
 * @param details what is different in it, key by key; of a part that is new or gone, all that it says
 */
public record Difference(Kind kind, String part, Place place, List<Detail> details) {

    public Difference {
        details = List.copyOf(details);
    }

    /** What became of it. */
    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One key of it.
     *
     * @param key its path within the part: {@code timeouts.total}, {@code step rate-limit: limit}
     * @param old what it said, as YAML; null where it said nothing
     * @param now what it says; null where it says nothing any more
     */
    public record Detail(
            String key, @Nullable String old, @Nullable String now) {

        /** {@code timeouts.total: 60s -> 30s}, {@code + headers: {x-a: b}}, {@code - retries: 3} */
        @Override
        public String toString() {
            if (old == null) {
                return "+ " + key + ": " + now;
            }
            return now == null ? "- " + key + ": " + old : key + ": " + old + " -> " + now;
        }
    }
}
