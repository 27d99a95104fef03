package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.telemetry.Metric;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableDoublePointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the gateway's own metrics in the form of the SDK. They come as sums since some start: where one falls, the thing that
 * counted has begun anew, and so has its series. For one thread.
 */
final class GatewayMetrics {

    private final Resource resource;
    private final InstrumentationScopeInfo scope;
    private final boolean delta;
    private final long processStart;
    private Map<Id, Before> before = new HashMap<>();
    private long lastRead;

    private record Id(String name, Attributes attributes) {}

    /** What a series said last, and since when it counts. */
    private record Before(long since, double sum, long count, List<Long> counts) {}

    /** @param processStart epoch nanoseconds */
    GatewayMetrics(Resource resource, InstrumentationScopeInfo scope, boolean delta, long processStart) {
        this.resource = resource;
        this.scope = scope;
        this.delta = delta;
        this.processStart = processStart;
        lastRead = processStart;
    }

    /** With deltas: what has been counted before this service was made is not told; another one may have done so. */
    void begin(List<Metric> metrics, long now) {
        if (delta) {
            of(metrics, now);
        }
    }

    /**
     * All of them, told.
     *
     * @param now epoch nanoseconds
     */
    List<MetricData> of(List<Metric> metrics, long now) {
        Map<Id, Before> after = new HashMap<>();
        List<MetricData> told = new ArrayList<>(metrics.size());
        for (Metric metric : metrics) {
            if (!metric.points().isEmpty()) {
                told.add(of(metric, now, after));
            }
        }
        before = after;
        lastRead = now;
        return told;
    }

    private MetricData of(Metric metric, long now, Map<Id, Before> after) {
        AggregationTemporality temporality = delta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
        return switch (metric.kind()) {
            case GAUGE ->
                ImmutableMetricData.createDoubleGauge(
                        resource,
                        scope,
                        metric.name(),
                        metric.description(),
                        unit(metric),
                        ImmutableGaugeData.create(current(metric, now)));
            case UP_DOWN_COUNTER ->
                ImmutableMetricData.createDoubleSum(
                        resource,
                        scope,
                        metric.name(),
                        metric.description(),
                        unit(metric),
                        ImmutableSumData.create(false, AggregationTemporality.CUMULATIVE, current(metric, now)));
            case COUNTER ->
                ImmutableMetricData.createDoubleSum(
                        resource,
                        scope,
                        metric.name(),
                        metric.description(),
                        unit(metric),
                        ImmutableSumData.create(true, temporality, sums(metric, now, after)));
            case HISTOGRAM ->
                ImmutableMetricData.createDoubleHistogram(
                        resource,
                        scope,
                        metric.name(),
                        metric.description(),
                        unit(metric),
                        ImmutableHistogramData.create(temporality, histograms(metric, now, after)));
        };
    }

    private static String unit(Metric metric) {
        return metric.unit().isEmpty() ? "1" : metric.unit();
    }

    private List<DoublePointData> current(Metric metric, long now) {
        List<DoublePointData> points = new ArrayList<>();
        for (Metric.Point point : metric.points()) {
            if (point instanceof Metric.Value value) {
                points.add(ImmutableDoublePointData.create(processStart, now, value.attributes(), value.value()));
            }
        }
        return points;
    }

    private List<DoublePointData> sums(Metric metric, long now, Map<Id, Before> after) {
        List<DoublePointData> points = new ArrayList<>();
        for (Metric.Point point : metric.points()) {
            if (point instanceof Metric.Value(Attributes attributes, double value)) {
                Id id = new Id(metric.name(), attributes);
                Before last = before.get(id);
                boolean goesOn = last != null && value >= last.sum();
                long since = goesOn && last != null ? last.since() : lastRead;
                after.put(id, new Before(since, value, 0, List.of()));
                points.add(
                        delta
                                ? ImmutableDoublePointData.create(
                                        lastRead, now, attributes, goesOn && last != null ? value - last.sum() : value)
                                : ImmutableDoublePointData.create(since, now, attributes, value));
            }
        }
        return points;
    }

    private List<HistogramPointData> histograms(Metric metric, long now, Map<Id, Before> after) {
        List<HistogramPointData> points = new ArrayList<>();
        for (Metric.Point point : metric.points()) {
            if (point instanceof Metric.Histogram histogram) {
                Id id = new Id(metric.name(), histogram.attributes());
                Before last = before.get(id);
                boolean goesOn = last != null
                        && histogram.count() >= last.count()
                        && histogram.counts().size() == last.counts().size();
                long since = goesOn && last != null ? last.since() : lastRead;
                after.put(id, new Before(since, histogram.sum(), histogram.count(), histogram.counts()));
                points.add(
                        delta
                                ? point(histogram, goesOn ? last : null, lastRead, now)
                                : point(histogram, null, since, now));
            }
        }
        return points;
    }

    private static HistogramPointData point(Metric.Histogram histogram, @Nullable Before less, long since, long now) {
        List<Long> counts = histogram.counts();
        double sum = histogram.sum();
        if (less != null) {
            List<Long> rest = new ArrayList<>(counts.size());
            for (int i = 0; i < counts.size(); i++) {
                rest.add(Math.max(0, counts.get(i) - less.counts().get(i)));
            }
            counts = Collections.unmodifiableList(rest);
            sum -= less.sum();
        }
        return ImmutableHistogramPointData.create(
                since, now, histogram.attributes(), sum, false, 0, false, 0, histogram.bounds(), counts);
    }
}
