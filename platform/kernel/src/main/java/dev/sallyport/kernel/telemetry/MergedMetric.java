package dev.sallyport.kernel.telemetry;

import dev.sallyport.api.telemetry.Metric;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All values under one name, of the gateway and its steps. For one thread. */
final class MergedMetric {

    private final Metric.Kind kind;
    private final String name;
    private final String description;
    private final String unit;
    private final Map<Attributes, Metric.Point> points = new LinkedHashMap<>();

    private MergedMetric(Metric.Kind kind, String name, String description, String unit) {
        this.kind = kind;
        this.name = name;
        this.description = description;
        this.unit = unit;
    }

    /**
     * The values of one metric of the SDK.
     *
     * @param owner attributes that each has besides its own, or in the place of those
     * @return null where it is of a kind that only a view makes, and there is none
     */
    static @Nullable MergedMetric of(MetricData metric, Attributes owner) {
        Metric.Kind kind = kind(metric);
        if (kind == null) {
            return null;
        }
        MergedMetric merged = new MergedMetric(kind, metric.getName(), metric.getDescription(), metric.getUnit());
        metric.getData().getPoints().forEach(point -> merged.put(point(point, owner)));
        return merged;
    }

    private static Metric.@Nullable Kind kind(MetricData metric) {
        return switch (metric.getType()) {
            case LONG_GAUGE, DOUBLE_GAUGE -> Metric.Kind.GAUGE;
            case LONG_SUM -> sum(metric.getLongSumData().isMonotonic());
            case DOUBLE_SUM -> sum(metric.getDoubleSumData().isMonotonic());
            case HISTOGRAM -> Metric.Kind.HISTOGRAM;
            case SUMMARY, EXPONENTIAL_HISTOGRAM -> null;
        };
    }

    private static Metric.Kind sum(boolean grows) {
        return grows ? Metric.Kind.COUNTER : Metric.Kind.UP_DOWN_COUNTER;
    }

    private static Metric.Point point(PointData point, Attributes owner) {
        Attributes own = point.getAttributes();
        Attributes attributes =
                owner.isEmpty() ? own : own.toBuilder().putAll(owner).build();
        return switch (point) {
            case LongPointData whole -> new Metric.Value(attributes, whole.getValue());
            case DoublePointData real -> new Metric.Value(attributes, real.getValue());
            case HistogramPointData all ->
                new Metric.Histogram(attributes, all.getCount(), all.getSum(), all.getBoundaries(), all.getCounts());
            default -> throw new IllegalArgumentException(point.toString());
        };
    }

    Metric.Kind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    /** Whether its values only rise, so that those of two makings of a step add up. */
    boolean grows() {
        return kind == Metric.Kind.COUNTER || kind == Metric.Kind.HISTOGRAM;
    }

    /** The same without values. */
    MergedMetric empty() {
        return new MergedMetric(kind, name, description, unit);
    }

    /**
     * Adds values to these: with the same attributes they are added up where they only grow, else the new ones count.
     *
     * @return false where they are of another kind
     */
    boolean add(MergedMetric more) {
        if (more.kind != kind) {
            return false;
        }
        more.points.values().forEach(this::put);
        return true;
    }

    private void put(Metric.Point point) {
        points.merge(point.attributes(), point, (before, more) -> grows() ? sum(before, more) : more);
    }

    private static Metric.Point sum(Metric.Point one, Metric.Point more) {
        if (one instanceof Metric.Value first && more instanceof Metric.Value second) {
            return new Metric.Value(first.attributes(), first.value() + second.value());
        }
        if (one instanceof Metric.Histogram first
                && more instanceof Metric.Histogram second
                && first.bounds().equals(second.bounds())) {
            Long[] sums = new Long[first.counts().size()];
            Arrays.setAll(sums, i -> first.counts().get(i) + second.counts().get(i));
            return new Metric.Histogram(
                    first.attributes(),
                    first.count() + second.count(),
                    first.sum() + second.sum(),
                    first.bounds(),
                    List.of(sums));
        }
        return more; // other bounds cannot be added up
    }

    Metric metric() {
        return new Metric(name, description, unit, kind, List.copyOf(points.values()));
    }
}
