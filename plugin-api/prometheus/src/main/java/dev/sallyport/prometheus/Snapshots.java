package dev.sallyport.prometheus;

import dev.sallyport.api.telemetry.Metric;
import io.opentelemetry.api.common.Attributes;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Metrics as the official client has them, by the names that OpenTelemetry's specification gives them there ("Prometheus and
 * OpenMetrics Compatibility"). Stateless.
 */
public final class Snapshots {

    private static final Map<String, String> UNITS = Map.of("s", "seconds", "ms", "milliseconds", "By", "bytes");

    private Snapshots() {}

    /**
     * All of them, by name.
     *
     * @param onRefused hears the name of each metric that has, for Prometheus, the name of one before it: it is left out
     */
    public static List<MetricSnapshot> of(List<Metric> metrics, Consumer<String> onRefused) {
        Map<String, MetricSnapshot> all = new TreeMap<>();
        for (Metric metric : metrics) {
            if (all.putIfAbsent(name(metric), snapshot(metric)) != null) {
                onRefused.accept(metric.name());
            }
        }
        return List.copyOf(all.values());
    }

    /** What Prometheus calls it, without the ending of counters. */
    private static String name(Metric metric) {
        String name = PrometheusNaming.prometheusName(PrometheusNaming.sanitizeMetricName(metric.name()));
        String unit = UNITS.get(metric.unit());
        return unit == null || name.endsWith("_" + unit) ? name : name + "_" + unit;
    }

    private static MetricSnapshot snapshot(Metric metric) {
        MetricMetadata metadata = new MetricMetadata(name(metric), metric.description());
        Map<Labels, Metric.Point> points = points(metric);
        return switch (metric.kind()) {
            case COUNTER -> {
                List<CounterDataPointSnapshot> counts = new ArrayList<>();
                points.forEach(
                        (labels, point) -> counts.add(new CounterDataPointSnapshot(number(point), labels, null, 0)));
                yield new CounterSnapshot(metadata, counts);
            }
            case GAUGE, UP_DOWN_COUNTER -> {
                List<GaugeDataPointSnapshot> values = new ArrayList<>();
                points.forEach((labels, point) -> values.add(new GaugeDataPointSnapshot(number(point), labels, null)));
                yield new GaugeSnapshot(metadata, values);
            }
            case HISTOGRAM -> {
                List<HistogramDataPointSnapshot> values = new ArrayList<>();
                points.forEach((labels, point) -> {
                    if (point instanceof Metric.Histogram histogram) {
                        values.add(new HistogramDataPointSnapshot(
                                buckets(histogram), histogram.sum(), labels, Exemplars.EMPTY, 0));
                    }
                });
                yield new HistogramSnapshot(metadata, values);
            }
        };
    }

    /** Attributes that differ only by what a label's name cannot say are one series: its first point. */
    private static Map<Labels, Metric.Point> points(Metric metric) {
        Map<Labels, Metric.Point> points = new LinkedHashMap<>();
        metric.points().forEach(point -> points.putIfAbsent(labels(point.attributes()), point));
        return points;
    }

    private static Labels labels(Attributes attributes) {
        Map<String, String> labels = new TreeMap<>();
        attributes.forEach((key, value) -> labels.merge(
                PrometheusNaming.prometheusName(PrometheusNaming.sanitizeLabelName(key.getKey())),
                String.valueOf(value),
                (one, other) -> one + ";" + other));
        return Labels.of(List.copyOf(labels.keySet()), List.copyOf(labels.values()));
    }

    private static double number(Metric.Point point) {
        return point instanceof Metric.Value value ? value.value() : Double.NaN;
    }

    private static ClassicHistogramBuckets buckets(Metric.Histogram histogram) {
        List<Double> bounds = histogram.bounds();
        Double[] upper = new Double[histogram.counts().size()];
        Arrays.setAll(upper, i -> i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY);
        return ClassicHistogramBuckets.of(List.of(upper), List.<Number>copyOf(histogram.counts()));
    }
}
