package dev.sallyport.plugins.opentelemetry;

import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableExponentialHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Parts metrics that are too much for one message: between metrics, or between the points of one. */
final class Halves {

    private Halves() {}

    static int points(List<MetricData> metrics) {
        return metrics.stream()
                .mapToInt(metric -> metric.getData().getPoints().size())
                .sum();
    }

    /**
     * Two halves of some metrics.
     *
     * @param metrics with two points at least
     */
    static List<List<MetricData>> of(List<MetricData> metrics) {
        if (metrics.size() > 1) {
            int half = metrics.size() / 2;
            return List.of(metrics.subList(0, half), metrics.subList(half, metrics.size()));
        }
        MetricData metric = metrics.getFirst();
        int size = metric.getData().getPoints().size();
        return List.of(List.of(part(metric, 0, size / 2)), List.of(part(metric, size / 2, size)));
    }

    private static <P> List<P> part(Collection<P> points, int from, int to) {
        return new ArrayList<>(points).subList(from, to);
    }

    private static MetricData part(MetricData all, int from, int to) {
        return switch (all.getType()) {
            case LONG_GAUGE -> {
                List<LongPointData> points = part(all.getLongGaugeData().getPoints(), from, to);
                yield ImmutableMetricData.createLongGauge(
                        all.getResource(),
                        all.getInstrumentationScopeInfo(),
                        all.getName(),
                        all.getDescription(),
                        all.getUnit(),
                        ImmutableGaugeData.create(points));
            }
            case DOUBLE_GAUGE -> {
                List<DoublePointData> points = part(all.getDoubleGaugeData().getPoints(), from, to);
                yield ImmutableMetricData.createDoubleGauge(
                        all.getResource(),
                        all.getInstrumentationScopeInfo(),
                        all.getName(),
                        all.getDescription(),
                        all.getUnit(),
                        ImmutableGaugeData.create(points));
            }
            case LONG_SUM -> {
                var sum = all.getLongSumData();
                List<LongPointData> points = part(sum.getPoints(), from, to);
                yield ImmutableMetricData.createLongSum(
                        all.getResource(),
                        all.getInstrumentationScopeInfo(),
                        all.getName(),
                        all.getDescription(),
                        all.getUnit(),
                        ImmutableSumData.create(sum.isMonotonic(), sum.getAggregationTemporality(), points));
            }
            case DOUBLE_SUM -> {
                var sum = all.getDoubleSumData();
                List<DoublePointData> points = part(sum.getPoints(), from, to);
                yield ImmutableMetricData.createDoubleSum(
                        all.getResource(),
                        all.getInstrumentationScopeInfo(),
                        all.getName(),
                        all.getDescription(),
                        all.getUnit(),
                        ImmutableSumData.create(sum.isMonotonic(), sum.getAggregationTemporality(), points));
            }
            case HISTOGRAM -> {
                var histogram = all.getHistogramData();
                List<HistogramPointData> points = part(histogram.getPoints(), from, to);
                yield ImmutableMetricData.createDoubleHistogram(
                        all.getResource(),
                        all.getInstrumentationScopeInfo(),
                        all.getName(),
                        all.getDescription(),
                        all.getUnit(),
                        ImmutableHistogramData.create(histogram.getAggregationTemporality(), points));
            }
            case EXPONENTIAL_HISTOGRAM -> {
                var histogram = all.getExponentialHistogramData();
                List<ExponentialHistogramPointData> points = part(histogram.getPoints(), from, to);
                yield ImmutableMetricData.createExponentialHistogram(
                        all.getResource(),
                        all.getInstrumentationScopeInfo(),
                        all.getName(),
                        all.getDescription(),
                        all.getUnit(),
                        ImmutableExponentialHistogramData.create(histogram.getAggregationTemporality(), points));
            }
            case SUMMARY -> throw new IllegalArgumentException("nobody makes summaries");
        };
    }
}
