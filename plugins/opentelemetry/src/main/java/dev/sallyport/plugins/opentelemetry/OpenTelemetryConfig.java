package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of the service {@code opentelemetry}. */
public record OpenTelemetryConfig(
        @Doc("The collector: http://HOST:PORT, or https:// for TLS; with protocol: http also a path, to which"
                + " v1/traces, v1/metrics and v1/logs are added.")
        URI endpoint,

        @Doc("How it is spoken to: OTLP over gRPC, or as protobuf over HTTP.") @Default("grpc")
        Protocol protocol,

        @Doc("What is sent.") @Default("[traces, metrics, logs]") @Min(1)
        Set<Signal> signals,

        @Doc("Header fields of every call, such as authorization.")
        Map<String, Secret> headers,

        @Doc("How certificates are checked and shown, with https://; by default by what the Java runtime trusts.")
        @Nullable
        Tls tls,

        @Doc("How what is sent is packed.") @Default("gzip") Compression compression,

        @Doc("How long a call may take.") @Default("10s") @Min(1) @Max(120_000)
        Duration timeout,

        @Doc("Attributes of the gateway itself, beside service.name (sallyport), service.instance.id (made"
                + " once, and kept) and service.version, which may be set too.")
        Map<String, String> resource,

        @Doc("The methods of HTTP that are told by name; others are _OTHER.")
        @Default("[CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY, TRACE]")
        Set<String> methods,

        @Doc("The spans, and the log records, that wait to be sent: what comes while so many wait is dropped and"
                + " counted. At least traces.spans.")
        @Default("8192")
        @Min(1)
        @Max(1_000_000)
        int queue,

        @Doc("What is told of requests, one by one.") @Default("{}")
        Traces traces,

        @Doc("What is measured.") @Default("{}") Metrics metrics) {

    private static final Set<String> OWN_FIELDS = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "grpc-encoding",
            "grpc-timeout",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** How the collector is spoken to. */
    public enum Protocol {
        GRPC,
        HTTP
    }

    /** What can be sent. */
    public enum Signal {
        TRACES,
        METRICS,
        LOGS
    }

    /** How what is sent is packed. */
    public enum Compression {
        GZIP,
        NONE
    }

    /** What there is to say of TLS. */
    public record Tls(
            @Doc("The certificates of those who may sign the collector's, PEM.") @Nullable
            Path ca,

            @Doc("The gateway's own certificate, with those between it and its root, PEM.") @Nullable
            Path certificate,

            @Doc("The key of that, PKCS #8 in PEM.") @Nullable
            Path key) {

        /** Certificate and key go together. */
        public Tls {
            if ((certificate == null) != (key == null)) {
                throw new ConfigException(
                        certificate == null ? "certificate" : "key",
                        "missing (expected: certificate and key together); add it");
            }
        }
    }

    /** What there is to say of traces. */
    public record Traces(
            @Doc("The share of traces that are sampled, of those that begin here: 0 to 1.") @Default("1")
            double ratio,

            @Doc("Whether a trace that began before the gateway is sampled as those before have decided; else by"
                    + " ratio.")
            @Default("true")
            boolean parent,

            @Doc("What is sent although it was not sampled, once it has ended.") @Default("{}")
            Keep keep,

            @Doc("Whose trace a request may carry on: that of trusted proxies, of anybody, of nobody.")
            @Default("trusted")
            Inbound inbound,

            @Doc("The header fields by which traces come and go.") @Default("[tracecontext, baggage]")
            List<Propagation> propagation,

            @Doc("Whether each step gets a span of its own.")
            boolean steps,

            @Doc("Request header fields that are told with the server's span; none by default.")
            List<String> requestHeaders,

            @Doc("Response header fields that are told with it; none by default.")
            List<String> responseHeaders,

            @Doc("Further query parameters whose values are told as REDACTED.")
            List<String> secretParameters,

            @Doc("The most spans of one request, those of steps and attempts included.")
            @Default("128")
            @Min(2)
            @Max(10_000)
            int spans) {

        /** Checks the ratio. */
        public Traces {
            if (!(ratio >= 0 && ratio <= 1)) {
                throw new ConfigException("ratio", ratio + " (expected: 0 to 1)");
            }
            if (propagation.contains(Propagation.B3) && propagation.contains(Propagation.B3_MULTI)) {
                throw new ConfigException(
                        "propagation", "b3 and b3-multi (expected: one of them; both are read by either); remove one");
            }
        }
    }

    /** What is kept though it was not sampled. */
    public record Keep(
            @Doc("Requests that end with a 5xx, or break off.")
            boolean errors,

            @Doc("Requests that take longer, to the last byte.") @Nullable
            Duration slowerThan) {

        boolean anything() {
            return errors || slowerThan != null;
        }
    }

    /** Whose trace is carried on. */
    public enum Inbound {
        TRUSTED,
        ALWAYS,
        NEVER
    }

    /** Header fields of traces. */
    public enum Propagation {
        /** {@code traceparent} and {@code tracestate}. */
        TRACECONTEXT,
        /** {@code baggage}. */
        BAGGAGE,
        /** {@code b3}. */
        B3,
        /** {@code x-b3-traceid} and those like it. */
        B3_MULTI
    }

    /** What there is to say of metrics. */
    public record Metrics(
            @Doc("How often they are sent.") @Default("60s") @Min(100) @Max(3_600_000)
            Duration interval,

            @Doc("Whether sums and histograms are told since their start, or since they were told last.")
            @Default("cumulative")
            Temporality temporality,

            @Doc("Histograms with the buckets that the conventions advise, or with exponential ones.")
            @Default("explicit")
            Histograms histograms,

            @Doc("Whether durations name a trace of those that were sampled.") @Default("true")
            boolean exemplars,

            @Doc("Whether the time in each step is measured.")
            boolean steps,

            @Doc("Whether the gateway's own metrics and those of its plugins are sent too.") @Default("true")
            boolean gateway,

            @Doc("Whether those of the Java runtime are sent too.") @Default("true")
            boolean jvm,

            @Doc("The most combinations of attributes of one metric; what comes beyond is counted as one more.")
            @Default("2000")
            @Min(10)
            @Max(100_000)
            int series) {}

    /** What sums begin with. */
    public enum Temporality {
        CUMULATIVE,
        DELTA
    }

    /** Kinds of histograms. */
    public enum Histograms {
        EXPLICIT,
        EXPONENTIAL
    }

    /** Checks what one key says against the others. */
    public OpenTelemetryConfig {
        boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        if (!web || endpoint.getHost() == null || endpoint.getRawUserInfo() != null || endpoint.getRawQuery() != null) {
            throw new ConfigException(
                    "endpoint",
                    (endpoint.getRawUserInfo() == null ? endpoint : endpoint.getScheme() + "://…")
                            + " (expected: a URL such as http://127.0.0.1:4317; what authorises goes into headers)");
        }
        if (endpoint.getPort() == 0 || endpoint.getPort() > 65_535) {
            throw new ConfigException("endpoint", endpoint + " (expected: a port from 1 to 65535)");
        }
        if (queue < traces.spans() && signals.contains(Signal.TRACES)) {
            throw new ConfigException(
                    "queue",
                    queue + " (expected: at least traces.spans, " + traces.spans()
                            + ", since a request's spans go together); raise it, or lower that");
        }
        if (protocol == Protocol.GRPC && !path(endpoint).isEmpty()) {
            throw new ConfigException(
                    "endpoint", endpoint + " (expected: no path with protocol: grpc); remove " + path(endpoint));
        }
        if (tls != null && !"https".equals(endpoint.getScheme())) {
            throw new ConfigException("tls", "beside http:// (expected: https:// for TLS); change the URL");
        }
        headers.forEach((name, value) -> {
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || OWN_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new ConfigException(
                        "headers." + name, name + " (expected: the name of a header field that OTLP leaves free)");
            }
            if (!value.value().matches("[\\x20-\\x7e\\t]*")) { // not shown: it is a secret
                throw new ConfigException(
                        "headers." + name,
                        "its value has a line break, or another character that a header field cannot have (expected:"
                                + " visible ASCII characters and spaces)");
            }
        });
    }

    private static String path(URI uri) {
        String path = uri.getRawPath();
        return path == null || path.equals("/") ? "" : path;
    }

    boolean sends(Signal signal) {
        return signals.contains(signal);
    }
}
