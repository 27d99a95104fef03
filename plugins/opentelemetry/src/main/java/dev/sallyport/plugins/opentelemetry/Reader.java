package dev.sallyport.plugins.opentelemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.Collection;

/** Reads the metrics of this service when they are to be sent. Thread-safe. */
final class Reader implements MetricReader {

    private final AggregationTemporalitySelector temporality;
    private final boolean exponential;
    private volatile CollectionRegistration registration = CollectionRegistration.noop();

    Reader(OpenTelemetryConfig.Metrics config) {
        // Of what rises and falls the sum is meant, whatever is chosen for what only rises.
        temporality = config.temporality() == OpenTelemetryConfig.Temporality.DELTA
                ? AggregationTemporalitySelector.deltaPreferred()
                : AggregationTemporalitySelector.alwaysCumulative();
        exponential = config.histograms() == OpenTelemetryConfig.Histograms.EXPONENTIAL;
    }

    Collection<MetricData> now() {
        return registration.collectAllMetrics();
    }

    @Override
    public void register(CollectionRegistration newRegistration) {
        registration = newRegistration;
    }

    @Override
    public Aggregation getDefaultAggregation(InstrumentType type) {
        return exponential && type == InstrumentType.HISTOGRAM
                ? Aggregation.base2ExponentialBucketHistogram()
                : Aggregation.defaultAggregation();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return temporality.getAggregationTemporality(type);
    }

    @Override
    public CompletableResultCode forceFlush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
