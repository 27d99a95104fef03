package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.config.Secret;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Compression;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.ConnectionListener;
import okhttp3.internal.connection.RealConnection;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over gRPC (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): one message there, one back. OkHttp speaks
 * HTTP/2; its own time limits and its own pool of threads are not used, since those leave threads behind for a minute after the
 * client was closed, which would keep an unloaded plugin in memory.
 */
final class GrpcCollector implements Collector {

    private static final MediaType GRPC = MediaType.get("application/grpc");
    private static final int PREFIX = 5;
    private static final int KEPT_MINUTES = 5;
    private static final int LONGEST_ANSWER = 65_536;

    /** CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS. */
    private static final Set<Integer> AGAIN = Set.of(1, 4, 10, 11, 14, 15);

    private static final int RESOURCE_EXHAUSTED = 8;

    private final TaskRunner.RealBackend threads = new TaskRunner.RealBackend(
            Thread.ofPlatform().name("otlp-", 0).daemon().factory());
    private final ConnectionPool connections;
    private final OkHttpClient client;
    private final Duration timeout;
    private final Headers fields;
    private final String base;
    private final boolean gzip;

    GrpcCollector(OpenTelemetryConfig config) {
        timeout = config.timeout();
        gzip = config.compression() == Compression.GZIP;
        base = config.endpoint().toString().replaceFirst("/$", "");
        TaskRunner runner = new TaskRunner(threads, java.util.logging.Logger.getLogger("okhttp3.TaskRunner"));
        connections =
                new ConnectionPool(2, KEPT_MINUTES, TimeUnit.MINUTES, runner, ConnectionListener.Companion.getNONE());
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .taskRunner$okhttp(runner)
                .connectionPool(connections)
                .connectTimeout(Duration.ZERO)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .callTimeout(Duration.ZERO)
                .fastFallback(false)
                .eventListener(new Ways())
                .followRedirects(false)
                .retryOnConnectionFailure(true);
        Tls tls = Tls.of(config);
        if (tls == null) {
            builder.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        } else {
            builder.protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
                    .sslSocketFactory(tls.context().getSocketFactory(), tls.trust());
        }
        client = builder.build();
        Headers.Builder all = new Headers.Builder()
                .add("te", "trailers")
                .add("user-agent", Messages.USER_AGENT)
                .add("grpc-timeout", timeout.toMillis() + "m");
        if (gzip) {
            all.add("grpc-encoding", "gzip");
        }
        for (Map.Entry<String, Secret> field : config.headers().entrySet()) {
            all.add(field.getKey(), field.getValue().value());
        }
        fields = all.build();
    }

    /** The connection that a call goes by. */
    private static final class Way {
        private volatile @Nullable Connection connection;

        /**
         * Has no further call go by it: one that is half open answers none, and TCP takes a quarter of an hour to find out. Pings
         * would tell too, but servers of gRPC take those for an attack.
         */
        void leave() {
            if (connection instanceof RealConnection real) {
                real.noNewExchanges();
            }
        }
    }

    /** Remembers it. */
    private static final class Ways extends EventListener {
        @Override
        public void connectionAcquired(Call call, Connection connection) {
            Way way = call.request().tag(Way.class);
            if (way != null) {
                way.connection = connection;
            }
        }
    }

    @Override
    public Answer send(Signal signal, byte[] message) throws IOException {
        String service = switch (signal) {
            case TRACES -> "trace.v1.TraceService";
            case METRICS -> "metrics.v1.MetricsService";
            case LOGS -> "logs.v1.LogsService";
        };
        Way way = new Way();
        Request request = new Request.Builder()
                .tag(Way.class, way)
                .url(base + "/opentelemetry.proto.collector." + service + "/Export")
                .headers(fields)
                .post(RequestBody.create(framed(message), GRPC))
                .build();
        Call call = client.newCall(request);
        Thread limit = Thread.ofVirtual().start(() -> cancelLater(call, way));
        try (Response response = call.execute()) {
            return answer(response);
        } catch (IOException e) {
            throw call.isCanceled() ? new IOException("no answer within " + timeout.toMillis() + " ms", e) : e;
        } finally {
            limit.interrupt();
        }
    }

    private void cancelLater(Call call, Way way) {
        try {
            Thread.sleep(timeout);
            way.leave();
            call.cancel();
        } catch (InterruptedException ended) {
            // in time
        }
    }

    private byte[] framed(byte[] message) {
        byte[] packed = gzip ? Messages.gzip(message) : message;
        return ByteBuffer.allocate(PREFIX + packed.length)
                .put((byte) (gzip ? 1 : 0))
                .putInt(packed.length)
                .put(packed)
                .array();
    }

    private static Answer answer(Response response) throws IOException {
        if (response.code() != 200) {
            boolean again = response.code() == 429 || (response.code() >= 502 && response.code() <= 504);
            return new Answer.Refused(again, null, "it answered " + response.code());
        }
        byte[] body = body(response.body().source());
        Headers trailers = response.trailers();
        String status = field(response, trailers, "grpc-status");
        if (status == null || !status.matches("\\d{1,3}")) {
            return new Answer.Refused(false, null, "it is not gRPC what it speaks");
        }
        int code = Integer.parseInt(status);
        if (code == 0) {
            boolean plain = body.length > PREFIX && body[0] == 0;
            return PartialSuccess.read(plain ? Arrays.copyOfRange(body, PREFIX, body.length) : new byte[0]);
        }
        String why = field(response, trailers, "grpc-message");
        return new Answer.Refused(
                AGAIN.contains(code)
                        || (code == RESOURCE_EXHAUSTED
                                && mayRetry(field(response, trailers, "grpc-status-details-bin"))),
                null,
                "it answered with gRPC status " + code + (why == null ? "" : ": " + shortened(why)));
    }

    /** All of it, so that the connection may be used again; more than is ever said is cut off together with it. */
    private static byte[] body(BufferedSource source) throws IOException {
        Buffer read = new Buffer();
        while (read.size() <= LONGEST_ANSWER) {
            if (source.read(read, 8_192) < 0) {
                return read.readByteArray();
            }
        }
        throw new IOException("it answered with more than " + LONGEST_ANSWER + " bytes");
    }

    private static @Nullable String field(Response response, Headers trailers, String name) {
        String value = trailers.get(name);
        return value == null ? response.header(name) : value;
    }

    /** Whether the status tells of {@code google.rpc.RetryInfo}: the specification asks for that. */
    private static boolean mayRetry(@Nullable String details) {
        try {
            return details != null
                    && new String(Base64.getDecoder().decode(details), StandardCharsets.ISO_8859_1)
                            .contains("google.rpc.RetryInfo");
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static String shortened(String text) {
        String shown = text.replaceAll("[^\\x20-\\x7e]", "?");
        return shown.length() <= 200 ? shown : shown.substring(0, 200) + "…";
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        connections.evictAll();
        threads.shutdown();
        threads.getExecutor().shutdownNow();
    }
}
