package dev.sallyport.api.telemetry;

import io.opentelemetry.api.common.Attributes;
import java.util.List;

/**
 * A metric as it is at one moment, with all its points. Immutable.
 *
 * @param name as it was registered: {@code sallyport.exchange.duration}
 * @param description in a sentence; may be empty
 * @param unit after UCUM, such as {@code s} or {@code By}; empty where it has none
 * @param kind what its points are
 * @param points no two with the same attributes
 */
public record Metric(String name, String description, String unit, Kind kind, List<Point> points) {

    /** Copies the list. */
    public Metric {
        points = List.copyOf(points);
    }

    /** What the points of a metric are. */
    public enum Kind {
        /** {@link Value}s that rise and fall, and do not add up. */
        GAUGE,
        /** {@link Value}s that rise and fall, and add up. */
        UP_DOWN_COUNTER,
        /** {@link Value}s that only rise, from the start of the process or of a step. */
        COUNTER,
        /** {@link Histogram}s, counted from the start of the process or of a step. */
        HISTOGRAM
    }

    /** What was measured under one combination of attributes. */
    public sealed interface Point {

        /** What it was measured of. */
        Attributes attributes();
    }

    /** A number. */
    public record Value(Attributes attributes, double value) implements Point {}

    /**
     * How many values were in which range.
     *
     * @param count of all values
     * @param sum of all values
     * @param bounds the upper bounds of all buckets but the last one, inclusive and rising
     * @param counts of the buckets, one more than bounds; not cumulative
     */
    public record Histogram(Attributes attributes, long count, double sum, List<Double> bounds, List<Long> counts)
            implements Point {

        /** Copies the lists. */
        public Histogram {
            bounds = List.copyOf(bounds);
            counts = List.copyOf(counts);
        }
    }
}
