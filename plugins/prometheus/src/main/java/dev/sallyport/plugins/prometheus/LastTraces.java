package dev.sallyport.plugins.prometheus;

import dev.sallyport.api.telemetry.TraceContext;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The last traced request of each bucket of each combination of labels: its exemplar. Thread-safe. */
final class LastTraces {

    private final double[] bounds;
    private final Clock clock;
    private final Map<List<String>, AtomicReferenceArray<@Nullable Exemplar>> last = new ConcurrentHashMap<>();

    /** @param bounds the upper bounds of buckets; above them there is one more */
    LastTraces(double[] bounds, Clock clock) {
        this.bounds = bounds.clone();
        this.clock = clock;
    }

    void put(List<String> labels, double value, TraceContext trace) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        Exemplar exemplar = Exemplar.builder()
                .value(value)
                .traceId(trace.traceId())
                .spanId(trace.spanId())
                .timestampMillis(clock.millis())
                .build();
        last.computeIfAbsent(labels, first -> new AtomicReferenceArray<>(bounds.length + 1))
                .setRelease(bucket, exemplar);
    }

    void remove(List<List<String>> labels) {
        labels.forEach(last::remove);
    }

    /** The same histograms with them. */
    MetricSnapshot addTo(MetricSnapshot snapshot) {
        if (last.isEmpty() || !(snapshot instanceof HistogramSnapshot histograms)) {
            return snapshot;
        }
        return new HistogramSnapshot(
                histograms.getMetadata(),
                histograms.getDataPoints().stream().map(this::withExemplars).toList());
    }

    private HistogramDataPointSnapshot withExemplars(HistogramDataPointSnapshot point) {
        AtomicReferenceArray<@Nullable Exemplar> own = last.get(values(point.getLabels()));
        if (own == null) {
            return point;
        }
        List<Exemplar> exemplars = new ArrayList<>();
        for (int i = 0; i < own.length(); i++) {
            Exemplar exemplar = own.getAcquire(i);
            if (exemplar != null) {
                exemplars.add(exemplar);
            }
        }
        return new HistogramDataPointSnapshot(
                point.getClassicBuckets(),
                point.getNativeSchema(),
                point.getNativeZeroCount(),
                point.getNativeZeroThreshold(),
                point.getNativeBucketsForPositiveValues(),
                point.getNativeBucketsForNegativeValues(),
                point.getSum(),
                point.getLabels(),
                Exemplars.of(exemplars),
                point.getCreatedTimestampMillis());
    }

    /** In the order in which they are counted, which is not that of their names. */
    private static List<String> values(Labels labels) {
        return List.of(label(labels, "route"), label(labels, "method"), label(labels, "status"));
    }

    private static String label(Labels labels, String name) {
        String value = labels.get(name);
        return value == null ? "" : value;
    }
}
