package dev.sallyport.plugins.opentelemetry;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.util.concurrent.GlobalEventExecutor;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A real receiver of OTLP: grpc-java with the published services, or a web server with the published messages. It keeps what it
 * gets, and answers what a test tells it to.
 */
final class OtlpReceiver implements AutoCloseable {

    final List<Span> spans = new CopyOnWriteArrayList<>();
    final List<Metric> metrics = new CopyOnWriteArrayList<>();
    final List<LogRecord> logs = new CopyOnWriteArrayList<>();
    final List<String> scopes = new CopyOnWriteArrayList<>();
    final List<Resource> resources = new CopyOnWriteArrayList<>();
    final Map<String, String> fields = new ConcurrentHashMap<>();

    /** What it says to spans: 0 is yes; of HTTP a status, of gRPC the number of one. */
    volatile int refusal;

    /** To whom alone; null: to all. */
    volatile OpenTelemetryConfig.@Nullable Signal refuses;

    /** How often it was called. */
    final AtomicInteger calls = new AtomicInteger();

    /** How many of the spans of each message it says to have rejected. */
    volatile int rejected;

    /** How long it thinks first. */
    volatile long thinks;

    private final boolean grpc;
    private final @Nullable SSLContext tls;
    private final @Nullable SslFiles files;
    private final int port;
    private @Nullable Server grpcServer;
    private @Nullable HttpServer httpServer;
    private @Nullable ExecutorService threads;
    private final List<NioEventLoopGroup> loops = new CopyOnWriteArrayList<>();

    /** For TLS of gRPC. */
    record SslFiles(java.nio.file.Path certificate, java.nio.file.Path key, java.nio.file.Path ca) {}

    private OtlpReceiver(boolean grpc, int port, @Nullable SSLContext tls, @Nullable SslFiles files) {
        this.grpc = grpc;
        this.tls = tls;
        this.files = files;
        try {
            this.port = grpc ? startGrpc(port) : startHttp(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static OtlpReceiver grpc() {
        return new OtlpReceiver(true, 0, null, null);
    }

    static OtlpReceiver grpc(SslFiles files) {
        return new OtlpReceiver(true, 0, null, files);
    }

    static OtlpReceiver http() {
        return new OtlpReceiver(false, 0, null, null);
    }

    static OtlpReceiver https(SSLContext tls) {
        return new OtlpReceiver(false, 0, tls, null);
    }

    /** Another one at the same place. */
    OtlpReceiver again() {
        return new OtlpReceiver(grpc, port, tls, files);
    }

    String url() {
        return (tls == null && files == null ? "http" : "https") + "://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    private int startGrpc(int at) throws IOException {
        NioEventLoopGroup boss = new NioEventLoopGroup(1);
        NioEventLoopGroup worker = new NioEventLoopGroup(1);
        loops.add(boss);
        loops.add(worker);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", at))
                .bossEventLoopGroup(boss)
                .workerEventLoopGroup(worker)
                .channelType(NioServerSocketChannel.class)
                .executor(threads);
        if (files != null) {
            SslContextBuilder ssl = SslContextBuilder.forServer(
                    files.certificate().toFile(), files.key().toFile());
            if (files.ca() != null) {
                ssl.trustManager(files.ca().toFile()).clientAuth(ClientAuth.REQUIRE);
            }
            builder.sslContext(GrpcSslContexts.configure(ssl, SslProvider.JDK).build());
        }
        ServerInterceptor heads = new ServerInterceptor() {
            @Override
            public <A, B> ServerCall.Listener<A> interceptCall(
                    ServerCall<A, B> call, Metadata head, ServerCallHandler<A, B> next) {
                head.keys().forEach(name -> {
                    if (!name.endsWith("-bin")) {
                        fields.put(name, head.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
                    }
                });
                return next.startCall(call, head);
            }
        };
        grpcServer = builder.addService(ServerInterceptors.intercept(new Traces(), heads))
                .addService(ServerInterceptors.intercept(new Metrics(), heads))
                .addService(ServerInterceptors.intercept(new Logs(), heads))
                .build()
                .start();
        return grpcServer.getPort();
    }

    private int startHttp(int at) throws IOException {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", at);
        if (tls == null) {
            httpServer = HttpServer.create(address, 0);
        } else {
            HttpsServer https = HttpsServer.create(address, 0);
            https.setHttpsConfigurator(new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                    wanted.setNeedClientAuth(true);
                    parameters.setSSLParameters(wanted);
                }
            });
            httpServer = https;
        }
        httpServer.setExecutor(threads);
        httpServer.createContext("/", this::answer);
        httpServer.start();
        return httpServer.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestHeaders().forEach((name, values) -> fields.put(name.toLowerCase(), values.getFirst()));
            InputStream body = exchange.getRequestBody();
            if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
                body = new GZIPInputStream(body);
            }
            byte[] message = body.readAllBytes();
            think();
            calls.incrementAndGet();
            if (isRefused(signal(exchange.getRequestURI().getPath()))) {
                exchange.sendResponseHeaders(refusal, -1);
                return;
            }
            byte[] answer = switch (exchange.getRequestURI().getPath()) {
                case "/v1/traces" ->
                    take(ExportTraceServiceRequest.parseFrom(message)).toByteArray();
                case "/v1/metrics" ->
                    take(ExportMetricsServiceRequest.parseFrom(message)).toByteArray();
                case "/v1/logs" ->
                    take(ExportLogsServiceRequest.parseFrom(message)).toByteArray();
                default -> null;
            };
            if (answer == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private boolean isRefused(OpenTelemetryConfig.Signal signal) {
        return refusal != 0 && (refuses == null || refuses == signal);
    }

    private static OpenTelemetryConfig.@Nullable Signal signal(String path) {
        return switch (path) {
            case "/v1/traces" -> OpenTelemetryConfig.Signal.TRACES;
            case "/v1/metrics" -> OpenTelemetryConfig.Signal.METRICS;
            case "/v1/logs" -> OpenTelemetryConfig.Signal.LOGS;
            default -> null;
        };
    }

    private void think() {
        try {
            Thread.sleep(thinks);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ExportTraceServiceResponse take(ExportTraceServiceRequest request) {
        request.getResourceSpansList().forEach(all -> {
            resources.add(all.getResource());
            all.getScopeSpansList().forEach(scope -> {
                scopes.add(scope.getScope().getName());
                spans.addAll(scope.getSpansList());
            });
        });
        return rejected == 0
                ? ExportTraceServiceResponse.getDefaultInstance()
                : ExportTraceServiceResponse.newBuilder()
                        .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                                .setRejectedSpans(rejected)
                                .setErrorMessage("too old"))
                        .build();
    }

    private ExportMetricsServiceResponse take(ExportMetricsServiceRequest request) {
        request.getResourceMetricsList().forEach(all -> {
            resources.add(all.getResource());
            all.getScopeMetricsList().forEach(scope -> metrics.addAll(scope.getMetricsList()));
        });
        return ExportMetricsServiceResponse.getDefaultInstance();
    }

    private ExportLogsServiceResponse take(ExportLogsServiceRequest request) {
        request.getResourceLogsList()
                .forEach(all -> all.getScopeLogsList().forEach(scope -> {
                    scopes.add(scope.getScope().getName());
                    logs.addAll(scope.getLogRecordsList());
                }));
        return ExportLogsServiceResponse.getDefaultInstance();
    }

    private <T> void say(
            OpenTelemetryConfig.Signal signal, StreamObserver<T> to, java.util.function.Supplier<T> answer) {
        calls.incrementAndGet();
        think();
        if (isRefused(signal)) {
            to.onError(Status.fromCodeValue(refusal).withDescription("as told").asRuntimeException());
        } else {
            to.onNext(answer.get());
            to.onCompleted();
        }
    }

    private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
        @Override
        public void export(ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> to) {
            say(OpenTelemetryConfig.Signal.TRACES, to, () -> take(request));
        }
    }

    private final class Metrics extends MetricsServiceGrpc.MetricsServiceImplBase {
        @Override
        public void export(ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> to) {
            say(OpenTelemetryConfig.Signal.METRICS, to, () -> take(request));
        }
    }

    private final class Logs extends LogsServiceGrpc.LogsServiceImplBase {
        @Override
        public void export(ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> to) {
            say(OpenTelemetryConfig.Signal.LOGS, to, () -> take(request));
        }
    }

    /** The last told values of a metric; none where it was not told. */
    List<Metric> named(String name) {
        return metrics.stream().filter(metric -> metric.getName().equals(name)).toList();
    }

    static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    static Map<String, Object> attributes(List<KeyValue> all) {
        return all.stream()
                .collect(Collectors.toMap(KeyValue::getKey, each -> value(each.getValue()), (a, b) -> a, TreeMap::new));
    }

    private static Object value(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> value.getIntValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case BOOL_VALUE -> value.getBoolValue();
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(OtlpReceiver::value)
                        .toList();
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    @Override
    public void close() {
        try {
            if (grpcServer != null) {
                grpcServer.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
                for (NioEventLoopGroup loop : loops) {
                    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
                }
                try {
                    GlobalEventExecutor.INSTANCE.awaitInactivity(5, TimeUnit.SECONDS);
                } catch (IllegalStateException neverStarted) {
                    // then there is none
                }
            }
            if (httpServer != null) {
                httpServer.stop(0);
            }
            if (threads != null) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
