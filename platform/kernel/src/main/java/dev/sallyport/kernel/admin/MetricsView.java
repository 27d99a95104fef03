package dev.sallyport.kernel.admin;

import dev.sallyport.api.Exporter;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.http.SideServer.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The page of metrics: an exporter's where one writes any, else the gateway's own text. */
public final class MetricsView {

    private static final System.Logger LOG = System.getLogger("telemetry");

    private final Supplier<Generation> serving;
    private final Supplier<String> own;

    /** @param own the gateway's own text for Prometheus */
    public MetricsView(Supplier<Generation> serving, Supplier<String> own) {
        this.serving = serving;
        this.own = own;
    }

    /**
     * The page.
     *
     * @param accept the value of the reader's {@code Accept}; null for none
     */
    public Answer page(@Nullable String accept) {
        Answer page = serving.get().withExporters(exporters -> page(exporters, accept));
        return page != null ? page : new Answer(200, "text/plain; version=0.0.4; charset=utf-8", own.get(), Map.of());
    }

    private static @Nullable Answer page(List<Exporter> exporters, @Nullable String accept) {
        for (Exporter exporter : exporters) {
            try {
                Exporter.MetricsPage page = exporter.metricsPage(accept);
                if (page != null) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    page.content().writeTo(bytes);
                    return new Answer(200, page.contentType(), ByteBuffer.wrap(bytes.toByteArray()), Map.of(), null);
                }
            } catch (Throwable failure) { // a plugin's: metrics are wanted most when something does not work
                LOG.log(
                        System.Logger.Level.WARNING,
                        "an exporter failed to write the metrics; the gateway's own text is shown",
                        failure);
            }
        }
        return null;
    }
}
