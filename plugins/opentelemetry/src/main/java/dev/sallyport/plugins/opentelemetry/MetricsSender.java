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
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads all metrics from time to time, and sends them. For one thread. */
final class MetricsSender implements AutoCloseable {

    private static final int MOST_POINTS = 5_000;
    private static final int TRIES = 2;

    /** Series that fill up at once again are not forgotten at each reading. */
    private static final long RENEWED_AFTER_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final ServiceContext context;
    private final OpenTelemetryConfig.Metrics config;
    private final Resource resource;
    private final InstrumentationScopeInfo scope;
    private final Delivery delivery;
    private final HttpMetrics http;
    private final @Nullable GatewayMetrics gateway;
    private final @Nullable Counted runtime;
    private final @Nullable JvmMetrics jvm;
    private volatile Counted requests;
    private long renewedAt = System.nanoTime() - RENEWED_AFTER_NANOS;

    /** A provider of the SDK with its reader: what it has counted goes with it. */
    private record Counted(SdkMeterProvider provider, Reader reader, Meter meter) {}

    MetricsSender(
            OpenTelemetryConfig.Metrics config,
            Methods methods,
            ServiceContext context,
            Resource resource,
            InstrumentationScopeInfo scope,
            Delivery delivery) {
        this.config = config;
        this.context = context;
        this.resource = resource;
        this.scope = scope;
        this.delivery = delivery;
        requests = counted();
        http = new HttpMetrics(requests.meter(), methods, config);
        long processStart = TimeUnit.MILLISECONDS.toNanos(
                ManagementFactory.getRuntimeMXBean().getStartTime());
        boolean delta = config.temporality() == OpenTelemetryConfig.Temporality.DELTA;
        gateway = config.gateway() ? new GatewayMetrics(resource, scope, delta, processStart) : null;
        runtime = config.jvm() ? counted() : null;
        jvm = runtime == null ? null : new JvmMetrics(runtime.meter());
    }

    private Counted counted() {
        Reader reader = new Reader(config);
        SdkMeterProvider provider = SdkMeterProvider.builder()
                .setResource(resource)
                .setExemplarFilter(config.exemplars() ? ExemplarFilter.traceBased() : ExemplarFilter.alwaysOff())
                .registerMetricReader(reader, type -> config.series() + 1) // the bound is kept before it
                .build();
        var builder = provider.meterBuilder(scope.getName()).setSchemaUrl(Resources.SCHEMA);
        String version = scope.getVersion();
        Meter meter = (version == null ? builder : builder.setInstrumentationVersion(version)).build();
        return new Counted(provider, reader, meter);
    }

    HttpMetrics http() {
        return http;
    }

    /** Sends until the delivery is closed, and then the last ones. */
    void run() throws InterruptedException {
        if (gateway != null) {
            try {
                gateway.begin(context.allMetrics(), now());
            } catch (RuntimeException e) {
                delivery.failed(Signal.METRICS, 0, e);
            }
        }
        while (!delivery.awaitClose(config.interval())) {
            send();
        }
        send();
    }

    private void send() throws InterruptedException {
        List<MetricData> all;
        try {
            all = read();
        } catch (RuntimeException e) {
            delivery.failed(Signal.METRICS, 0, e);
            return;
        }
        send(all);
    }

    private List<MetricData> read() {
        List<MetricData> all = new ArrayList<>(requests());
        if (runtime != null) {
            all.addAll(runtime.reader().now());
        }
        if (gateway != null) {
            all.addAll(gateway.of(context.allMetrics(), now()));
        }
        return all;
    }

    /**
     * Those of requests. Where there is no room for further series they are told a last time, and begin anew: the SDK forgets
     * none, though targets and routes go. What is under way between the two is not counted.
     */
    private Collection<MetricData> requests() {
        Counted before = requests;
        if (!http.isFull() || System.nanoTime() - renewedAt < RENEWED_AFTER_NANOS) {
            return before.reader().now();
        }
        renewedAt = System.nanoTime();
        Counted next = counted();
        http.renew(next.meter());
        requests = next;
        Collection<MetricData> last = before.reader().now();
        before.provider().close();
        return last;
    }

    private static long now() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    private void send(List<MetricData> metrics) throws InterruptedException {
        int points = Halves.points(metrics);
        if (points == 0) {
            return;
        }
        byte[] message = new byte[0];
        if (points <= MOST_POINTS) {
            try {
                message = Messages.bytes(MetricsRequestMarshaler.create(metrics));
            } catch (RuntimeException e) {
                delivery.failed(Signal.METRICS, points, e);
                return;
            }
        }
        if (points > 1 && (points > MOST_POINTS || message.length > Messages.LONGEST)) {
            for (List<MetricData> half : Halves.of(metrics)) {
                send(half);
            }
        } else {
            delivery.deliver(Signal.METRICS, message, points, TRIES);
        }
    }

    @Override
    public void close() {
        if (jvm != null) {
            jvm.close();
        }
        if (runtime != null) {
            runtime.provider().close();
        }
        requests.provider().close();
    }
}
