package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Exporter;
import dev.sallyport.api.ExporterFactory;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.Doc;

/** Offers the service {@code opentelemetry}. */
@Type("opentelemetry")
@Doc("Sends traces, metrics and logs to an OpenTelemetry collector, by OTLP.")
public final class OpenTelemetryFactory implements ExporterFactory<OpenTelemetryConfig> {

    @Override
    public Exporter create(OpenTelemetryConfig config, ServiceContext context) {
        return new OpenTelemetryExporter(config, context);
    }
}
