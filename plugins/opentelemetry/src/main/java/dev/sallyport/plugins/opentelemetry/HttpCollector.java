package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.config.Secret;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Compression;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** OTLP as protobuf over HTTP, by the JDK's client. */
final class HttpCollector implements Collector {

    private static final int OK = 200;
    private static final Set<Integer> AGAIN = Set.of(429, 502, 503, 504);

    /** What is read of an answer. */
    private static final int LONGEST_ANSWER = 65_536;

    /** Not the gateway's: those end before the last message is sent. */
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private final HttpClient client;
    private final Map<Signal, HttpRequest> heads = new EnumMap<>(Signal.class);
    private final boolean gzip;
    private final Duration timeout;

    HttpCollector(OpenTelemetryConfig config) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(threads)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.timeout());
        Tls tls = Tls.of(config);
        if (tls == null) {
            builder.version(HttpClient.Version.HTTP_1_1); // else it would offer an upgrade that nobody asked for
        } else {
            builder.sslContext(tls.context());
        }
        client = builder.build();
        timeout = config.timeout();
        gzip = config.compression() == Compression.GZIP;
        for (Signal signal : Signal.values()) {
            heads.put(signal, head(config, signal));
        }
    }

    private HttpRequest head(OpenTelemetryConfig config, Signal signal) {
        String base = config.endpoint().toString();
        String path = switch (signal) {
            case TRACES -> "v1/traces";
            case METRICS -> "v1/metrics";
            case LOGS -> "v1/logs";
        };
        HttpRequest.Builder head = HttpRequest.newBuilder(
                        URI.create(base.endsWith("/") ? base + path : base + "/" + path))
                .timeout(config.timeout())
                .header("Content-Type", "application/x-protobuf")
                .header("User-Agent", Messages.USER_AGENT);
        if (gzip) {
            head.header("Content-Encoding", "gzip");
        }
        for (Map.Entry<String, Secret> field : config.headers().entrySet()) {
            head.header(field.getKey(), field.getValue().value());
        }
        return head.build();
    }

    @Override
    public Answer send(Signal signal, byte[] message) throws IOException, InterruptedException {
        byte[] body = gzip ? Messages.gzip(message) : message;
        HttpRequest head = heads.get(signal);
        if (head == null) {
            throw new IllegalStateException(signal.toString());
        }
        HttpRequest request = HttpRequest.newBuilder(head, (name, value) -> true)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> response = response(client.sendAsync(
                request,
                info -> HttpResponse.BodySubscribers.mapping(
                        HttpResponse.BodySubscribers.ofInputStream(), HttpCollector::bounded)));
        int status = response.statusCode();
        if (status / 100 == OK / 100) {
            return PartialSuccess.read(response.body());
        }
        return new Answer.Refused(
                AGAIN.contains(status),
                response.headers()
                        .firstValue("retry-after")
                        .map(HttpCollector::after)
                        .orElse(null),
                "it answered " + status);
    }

    /** The request's own time limit ends with the head; this is for all of it. */
    private HttpResponse<byte[]> response(CompletableFuture<HttpResponse<byte[]>> call)
            throws IOException, InterruptedException {
        try {
            return call.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            call.cancel(true); // nothing where it is over
        }
    }

    private static byte[] bounded(InputStream in) {
        try (in) {
            return in.readNBytes(LONGEST_ANSWER);
        } catch (IOException broken) {
            return new byte[0]; // the status says what counts
        }
    }

    private static @Nullable Duration after(String value) {
        try {
            return value.chars().allMatch(Character::isDigit)
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            ZonedDateTime.now(ZoneOffset.UTC),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException | NumberFormatException notOne) {
            return null;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        threads.shutdownNow();
        threads.close();
    }
}
