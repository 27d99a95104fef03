package dev.sallyport.kernel.telemetry;

import dev.sallyport.api.telemetry.Metric;
import dev.sallyport.prometheus.Snapshots;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** Writes metrics in the text format of Prometheus. The form itself is the official client's. Thread-safe. */
final class PrometheusText {

    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    /** @param onRefused hears the name of each metric that is left out, since another one has its name */
    String of(List<Metric> metrics, Consumer<String> onRefused) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, new MetricSnapshots(Snapshots.of(metrics, onRefused)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
