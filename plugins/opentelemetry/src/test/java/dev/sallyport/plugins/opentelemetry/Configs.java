package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.config.Secret;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Compression;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Histograms;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Inbound;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Keep;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Metrics;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Propagation;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Protocol;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Temporality;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Tls;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Traces;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settings for tests: the usual ones, and what a test changes of them. */
final class Configs {

    String endpoint = "http://127.0.0.1:4317";
    Protocol protocol = Protocol.GRPC;
    Set<Signal> signals = EnumSet.allOf(Signal.class);
    Map<String, Secret> headers = Map.of();
    Tls tls;
    Compression compression = Compression.GZIP;
    Duration timeout = Duration.ofSeconds(10);
    Map<String, String> resource = Map.of();
    int queue = 8192;

    double ratio = 1;
    boolean parent = true;
    Keep keep = new Keep(false, null);
    Inbound inbound = Inbound.TRUSTED;
    List<Propagation> propagation = List.of(Propagation.TRACECONTEXT, Propagation.BAGGAGE);
    boolean steps;
    List<String> requestHeaders = List.of();
    List<String> responseHeaders = List.of();
    int spans = 128;

    Duration interval = Duration.ofMillis(100);
    Temporality temporality = Temporality.CUMULATIVE;
    Histograms histograms = Histograms.EXPLICIT;
    boolean measuresSteps;
    boolean gateway = true;
    boolean jvm;
    int series = 2000;

    static Configs to(OtlpReceiver receiver, Protocol protocol) {
        Configs configs = new Configs();
        configs.endpoint = receiver.url();
        configs.protocol = protocol;
        return configs;
    }

    Traces traces() {
        return new Traces(
                ratio,
                parent,
                keep,
                inbound,
                propagation,
                steps,
                requestHeaders,
                responseHeaders,
                List.of("ticket"),
                spans);
    }

    Metrics metrics() {
        return new Metrics(interval, temporality, histograms, true, measuresSteps, gateway, jvm, series);
    }

    OpenTelemetryConfig make() {
        return new OpenTelemetryConfig(
                URI.create(endpoint),
                protocol,
                signals,
                headers,
                tls,
                compression,
                timeout,
                resource,
                Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"),
                queue,
                traces(),
                metrics());
    }
}
