package dev.sallyport.kernel.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All values of one name, as Prometheus has them. For one thread. */
final class Family {

    private static final Map<String, String> UNITS = Map.of("s", "seconds", "ms", "milliseconds", "By", "bytes");

    /** What kind of metric it is. */
    enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM;

        boolean grows() {
            return this != GAUGE;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A value: of a histogram the sum, with how many there were up to each bound. */
    private record Value(double number, List<Double> bounds, List<Long> counts) {

        static Value of(PointData point) {
            return switch (point) {
                case LongPointData whole -> new Value(whole.getValue(), List.of(), List.of());
                case DoublePointData real -> new Value(real.getValue(), List.of(), List.of());
                case HistogramPointData all -> new Value(all.getSum(), all.getBoundaries(), all.getCounts());
                default -> throw new IllegalArgumentException(point.toString());
            };
        }

        Value plus(Value more) {
            if (!bounds.equals(more.bounds)) {
                return more; // other bounds cannot be added up
            }
            Long[] sums = new Long[counts.size()];
            Arrays.setAll(sums, i -> counts.get(i) + more.counts.get(i));
            return new Value(number + more.number, bounds, List.of(sums));
        }

        ClassicHistogramBuckets buckets() {
            Double[] upper = new Double[counts.size()];
            Arrays.setAll(upper, i -> i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY);
            return ClassicHistogramBuckets.of(List.of(upper), counts);
        }
    }

    private final Kind kind;
    private final String name;
    private final String help;
    private final Map<Labels, Value> values = new LinkedHashMap<>();

    private Family(Kind kind, String name, String help) {
        this.kind = kind;
        this.name = name;
        this.help = help;
    }

    /**
     * The values of one metric of the SDK.
     *
     * @param labels what each has besides its attributes, or in the place of those
     * @return null where it is of a kind that only a view makes, and there is none
     */
    static @Nullable Family of(MetricData metric, Map<String, String> labels) {
        Kind kind = kind(metric);
        if (kind == null) {
            return null;
        }
        Family family = new Family(kind, name(metric), metric.getDescription());
        metric.getData()
                .getPoints()
                .forEach(point -> family.put(labels(labels, point.getAttributes()), Value.of(point)));
        return family;
    }

    private static @Nullable Kind kind(MetricData metric) {
        return switch (metric.getType()) {
            case LONG_GAUGE, DOUBLE_GAUGE -> Kind.GAUGE;
            case LONG_SUM -> metric.getLongSumData().isMonotonic() ? Kind.COUNTER : Kind.GAUGE;
            case DOUBLE_SUM -> metric.getDoubleSumData().isMonotonic() ? Kind.COUNTER : Kind.GAUGE;
            case HISTOGRAM -> Kind.HISTOGRAM;
            case SUMMARY, EXPONENTIAL_HISTOGRAM -> null;
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

    Kind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    /** The same without values. */
    Family empty() {
        return new Family(kind, name, help);
    }

    /**
     * Adds values to these: under the same labels they are added up where they only grow, else the new ones count.
     *
     * @return false where they are of another kind
     */
    boolean add(Family more) {
        if (more.kind != kind) {
            return false;
        }
        more.values.forEach(this::put);
        return true;
    }

    private void put(Labels labels, Value value) {
        values.merge(labels, value, (before, more) -> kind.grows() ? before.plus(more) : more);
    }

    MetricSnapshot snapshot() {
        MetricMetadata metadata = new MetricMetadata(name, help);
        var all = values.entrySet().stream();
        return switch (kind) {
            case COUNTER ->
                new CounterSnapshot(
                        metadata,
                        all.map(each -> new CounterDataPointSnapshot(
                                        each.getValue().number(), each.getKey(), null, 0))
                                .toList());
            case GAUGE ->
                new GaugeSnapshot(
                        metadata,
                        all.map(each -> new GaugeDataPointSnapshot(
                                        each.getValue().number(), each.getKey(), null))
                                .toList());
            case HISTOGRAM ->
                new HistogramSnapshot(
                        metadata,
                        all.map(each -> new HistogramDataPointSnapshot(
                                        each.getValue().buckets(),
                                        each.getValue().number(),
                                        each.getKey(),
                                        Exemplars.EMPTY,
                                        0))
                                .toList());
        };
    }
}
