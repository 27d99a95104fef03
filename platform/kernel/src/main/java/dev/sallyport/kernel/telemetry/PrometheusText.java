package dev.sallyport.kernel.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes metrics of the SDK in the text format of Prometheus, by the names that OpenTelemetry's specification gives them
 * there. The form itself is the official client's. Thread-safe.
 */
final class PrometheusText {

    private static final System.Logger LOG = System.getLogger("telemetry");

    private static final Map<String, String> UNITS = Map.of("s", "seconds", "ms", "milliseconds", "By", "bytes");

    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    /** The names that have been told of already. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** Metrics of one owner, and what labels each of its values has besides its attributes. */
    record Part(Map<String, String> labels, Collection<MetricData> metrics) {}

    private enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** All values of one name. */
    private record Family(Kind kind, MetricMetadata metadata, Map<Labels, DataPointSnapshot> points) {}

    /** The text; where two owners mean different things by one name, what the first says. */
    String of(Collection<Part> parts) {
        Map<String, Family> families = new TreeMap<>();
        for (Part part : parts) {
            for (MetricData metric : part.metrics()) {
                add(families, part.labels(), metric);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(
                    out,
                    new MetricSnapshots(families.values().stream()
                            .map(PrometheusText::snapshot)
                            .toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private void add(Map<String, Family> families, Map<String, String> labels, MetricData metric) {
        Kind kind = kind(metric);
        if (kind == null) {
            return;
        }
        String name = name(metric);
        Family family = families.computeIfAbsent(
                name,
                first -> new Family(kind, new MetricMetadata(first, metric.getDescription()), new LinkedHashMap<>()));
        if (family.kind() != kind) {
            if (refused.add(name)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the metric {0} of {1} is not shown: that name is another one''s, which is a {2} and not a {3}",
                        name,
                        metric.getInstrumentationScopeInfo().getName(),
                        word(family.kind()),
                        word(kind));
            }
            return;
        }
        for (PointData point : metric.getData().getPoints()) {
            Labels all = labels(labels, point.getAttributes());
            family.points().putIfAbsent(all, point(kind, point, all));
        }
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Kind kind(MetricData metric) {
        MetricDataType type = metric.getType();
        return switch (type) {
            case LONG_GAUGE, DOUBLE_GAUGE -> Kind.GAUGE;
            case LONG_SUM -> metric.getLongSumData().isMonotonic() ? Kind.COUNTER : Kind.GAUGE;
            case DOUBLE_SUM -> metric.getDoubleSumData().isMonotonic() ? Kind.COUNTER : Kind.GAUGE;
            case HISTOGRAM -> Kind.HISTOGRAM;
            case SUMMARY, EXPONENTIAL_HISTOGRAM -> null; // only a view makes them, and there is none
        };
    }

    private static String name(MetricData metric) {
        String name = PrometheusNaming.prometheusName(PrometheusNaming.sanitizeMetricName(metric.getName()));
        String unit = UNITS.get(metric.getUnit());
        return unit == null || name.endsWith("_" + unit) ? name : name + "_" + unit;
    }

    private static Labels labels(Map<String, String> owner, Attributes attributes) {
        Map<String, String> labels = new TreeMap<>();
        attributes.forEach((key, value) -> labels.merge(
                PrometheusNaming.prometheusName(PrometheusNaming.sanitizeLabelName(key.getKey())),
                String.valueOf(value),
                (one, other) -> one + ";" + other));
        labels.putAll(owner);
        return Labels.of(List.copyOf(labels.keySet()), List.copyOf(labels.values()));
    }

    private static DataPointSnapshot point(Kind kind, PointData point, Labels labels) {
        return switch (kind) {
            case COUNTER -> new CounterSnapshot.CounterDataPointSnapshot(value(point), labels, null, 0);
            case GAUGE -> new GaugeSnapshot.GaugeDataPointSnapshot(value(point), labels, null);
            case HISTOGRAM -> histogram((HistogramPointData) point, labels);
        };
    }

    private static double value(PointData point) {
        return point instanceof LongPointData whole ? whole.getValue() : ((DoublePointData) point).getValue();
    }

    private static DataPointSnapshot histogram(HistogramPointData point, Labels labels) {
        List<Double> bounds = point.getBoundaries();
        List<Long> counts = point.getCounts();
        double[] upper = new double[counts.size()];
        long[] each = new long[counts.size()];
        for (int i = 0; i < upper.length; i++) {
            upper[i] = i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY;
            each[i] = counts.get(i);
        }
        return new HistogramSnapshot.HistogramDataPointSnapshot(
                ClassicHistogramBuckets.of(upper, each), point.getSum(), labels, Exemplars.EMPTY, 0);
    }

    private static MetricSnapshot snapshot(Family family) {
        return switch (family.kind()) {
            case COUNTER ->
                new CounterSnapshot(family.metadata(), all(family, CounterSnapshot.CounterDataPointSnapshot.class));
            case GAUGE -> new GaugeSnapshot(family.metadata(), all(family, GaugeSnapshot.GaugeDataPointSnapshot.class));
            case HISTOGRAM ->
                new HistogramSnapshot(
                        family.metadata(), all(family, HistogramSnapshot.HistogramDataPointSnapshot.class));
        };
    }

    private static <P> List<P> all(Family family, Class<P> type) {
        return family.points().values().stream().map(type::cast).toList();
    }
}
