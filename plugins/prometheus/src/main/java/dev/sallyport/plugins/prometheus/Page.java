package dev.sallyport.plugins.prometheus;

import dev.sallyport.api.Exporter.MetricsPage;
import dev.sallyport.api.telemetry.Metric;
import dev.sallyport.prometheus.Snapshots;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All metrics on one page, in the form that its reader asks for. Thread-safe. */
final class Page {

    private final Supplier<List<Metric>> gateway;
    private final Recorder recorder;
    private final PrometheusRegistry process = new PrometheusRegistry();
    private final ExpositionFormats forms = ExpositionFormats.init(PrometheusProperties.get());

    /**
     * @param gateway all that the gateway and its steps have counted
     * @param jvm whether the process's own are on it
     */
    Page(Supplier<List<Metric>> gateway, Recorder recorder, boolean jvm) {
        this.gateway = gateway;
        this.recorder = recorder;
        if (jvm) {
            // Not the one that follows allocations: it has the collectors call it, and nothing takes that back.
            JvmBufferPoolMetrics.builder().register(process);
            JvmClassLoadingMetrics.builder().register(process);
            JvmGarbageCollectorMetrics.builder().register(process);
            JvmMemoryMetrics.builder().register(process);
            JvmRuntimeInfoMetric.builder().register(process);
            JvmThreadsMetrics.builder().register(process);
            ProcessMetrics.builder().register(process);
        }
    }

    MetricsPage in(@Nullable String accept) {
        ExpositionFormatWriter writer = forms.findWriter(accept == null ? "" : accept);
        MetricSnapshots all = new MetricSnapshots(snapshots());
        return new MetricsPage(writer.getContentType(), out -> writer.write(out, all));
    }

    /** One of each name: the gateway's own goes before the process's. */
    private List<MetricSnapshot> snapshots() {
        List<MetricSnapshot> all = new ArrayList<>(Snapshots.of(gateway.get(), refused -> {}));
        all.addAll(recorder.snapshots());
        process.scrape().forEach(all::add);
        Map<String, MetricSnapshot> byName = new LinkedHashMap<>();
        all.forEach(each -> byName.putIfAbsent(each.getMetadata().getPrometheusName(), each));
        return List.copyOf(byName.values());
    }
}
