package dev.sallyport.plugins.prometheus;

import dev.sallyport.api.Exporter;
import dev.sallyport.api.ExporterFactory;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;
import java.util.concurrent.TimeUnit;

/** Makes the service {@code prometheus}. */
@Type("prometheus")
@Doc("Counts exchanges in detail, and writes all metrics in each form that Prometheus reads.")
public final class PrometheusFactory implements ExporterFactory<PrometheusConfig> {

    @Override
    public Exporter create(PrometheusConfig config, ServiceContext context) {
        Recorder recorder = new Recorder(config, context.clock());
        long pause = Math.max(1, config.forget().toSeconds() / 10);
        var _ = context.scheduler().scheduleWithFixedDelay(recorder::forget, pause, pause, TimeUnit.SECONDS);
        return new PrometheusExporter(config, recorder, new Page(context::allMetrics, recorder, config.jvm()));
    }
}
