package dev.sallyport.kernel.telemetry;

import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Collection;

/** A meter of the OpenTelemetry SDK whose values are read when somebody asks for them. Thread-safe. */
final class Readings implements AutoCloseable {

    private final SdkMeterProvider provider;
    private final OnDemand reader = new OnDemand();
    private final String scope;

    /**
     * Reads the values of one meter.
     *
     * @param scope the meter's name
     * @param most combinations of attributes that are kept for an instrument
     */
    Readings(String scope, int most) {
        this.scope = scope;
        provider = SdkMeterProvider.builder()
                .setResource(Resource.empty())
                .setExemplarFilter(ExemplarFilter.alwaysOff())
                .registerMetricReader(reader, type -> most)
                .build();
    }

    Meter meter() {
        return provider.get(scope);
    }

    /** All values as they are now; callbacks run on this thread. */
    Collection<MetricData> now() {
        return reader.registration.collectAllMetrics();
    }

    @Override
    public void close() {
        provider.close();
    }

    private static final class OnDemand implements MetricReader {

        private volatile CollectionRegistration registration = CollectionRegistration.noop();

        @Override
        public void register(CollectionRegistration given) {
            registration = given;
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return AggregationTemporality.CUMULATIVE;
        }

        @Override
        public CompletableResultCode forceFlush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            registration = CollectionRegistration.noop();
            return CompletableResultCode.ofSuccess();
        }
    }
}
