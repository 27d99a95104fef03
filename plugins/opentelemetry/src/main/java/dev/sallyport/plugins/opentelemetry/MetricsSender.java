package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.ServiceContext;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.internal.otlp.metrics.MetricsRequestMarshaler;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads all metrics from time to time, and sends them. For one thread. */
final class MetricsSender implements AutoCloseable {

    private static final int MOST_POINTS = 5_000;
    private static final int TRIES = 2;

    private final ServiceContext context;
    private final OpenTelemetryConfig.Metrics config;
    private final Delivery delivery;
    private final Reader reader;
    private final SdkMeterProvider provider;
    private final Meter meter;
    private final @Nullable GatewayMetrics gateway;
    private final @Nullable JvmMetrics jvm;

    MetricsSender(
            OpenTelemetryConfig.Metrics config,
            ServiceContext context,
            Resource resource,
            InstrumentationScopeInfo scope,
            Delivery delivery) {
        this.config = config;
        this.context = context;
        this.delivery = delivery;
        reader = new Reader(config);
        provider = SdkMeterProvider.builder()
                .setResource(resource)
                .setExemplarFilter(config.exemplars() ? ExemplarFilter.traceBased() : ExemplarFilter.alwaysOff())
                .registerMetricReader(reader, type -> config.series() + 1) // the bound is kept before it
                .build();
        var builder = provider.meterBuilder(scope.getName()).setSchemaUrl(Resources.SCHEMA);
        String version = scope.getVersion();
        meter = (version == null ? builder : builder.setInstrumentationVersion(version)).build();
        long processStart = TimeUnit.MILLISECONDS.toNanos(
                ManagementFactory.getRuntimeMXBean().getStartTime());
        boolean delta = config.temporality() == OpenTelemetryConfig.Temporality.DELTA;
        gateway = config.gateway() ? new GatewayMetrics(resource, scope, delta, processStart) : null;
        jvm = config.jvm() ? new JvmMetrics(meter) : null;
    }

    Meter meter() {
        return meter;
    }

    /** Sends until the delivery is closed, and then the last ones. */
    void run() throws InterruptedException {
        while (!delivery.awaitClose(config.interval())) {
            send();
        }
        send();
    }

    private void send() throws InterruptedException {
        List<MetricData> all = new ArrayList<>(reader.now());
        if (gateway != null) {
            Instant now = Instant.now();
            all.addAll(
                    gateway.of(context.allMetrics(), TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano()));
        }
        List<MetricData> part = new ArrayList<>();
        int points = 0;
        for (MetricData metric : all) {
            part.add(metric);
            points += metric.getData().getPoints().size();
            if (points >= MOST_POINTS) {
                send(part, points);
                part = new ArrayList<>();
                points = 0;
            }
        }
        if (points > 0) {
            send(part, points);
        }
    }

    private void send(List<MetricData> metrics, int points) throws InterruptedException {
        delivery.deliver(Signal.METRICS, Messages.bytes(MetricsRequestMarshaler.create(metrics)), points, TRIES);
    }

    @Override
    public void close() {
        if (jvm != null) {
            jvm.close();
        }
        provider.close();
    }
}
