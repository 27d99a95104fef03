package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real kernel, the built jar, a real receiver. */
final class OpenTelemetryGatewayIT {

    private static final String LISTENERS = """
        listeners:
          - {name: web, address: "127.0.0.1:0", trustedProxies: {cidrs: [127.0.0.1/32]}}
        """;

    private static TestGateway.Builder gateway() {
        return TestGateway.with(TestGateway.builtJar())
                .and(TestGateway.builtJar(Path.of("../rate-limit")))
                .and(TestGateway.builtJar(Path.of("../retry")));
    }

    private static String config(OtlpReceiver receiver, String protocol, TestUpstream upstream) {
        return LISTENERS + """
            services:
              - name: telemetry
                opentelemetry:
                  endpoint: "%s"
                  protocol: %s
                  resource: {deployment.environment.name: test}
                  traces: {steps: true}
                  metrics: {interval: 200ms, steps: true}
            routes:
              - name: orders
                match: {paths: ["/orders/{id}"]}
                plugins: [{rate-limit: {limit: 2/h}}]
                upstream: "%s"
            """.formatted(receiver.url(), protocol, upstream.address());
    }

    private static OtlpReceiver receiver(String protocol) {
        return protocol.equals("grpc") ? OtlpReceiver.grpc() : OtlpReceiver.http();
    }

    private static List<Span> of(OtlpReceiver receiver, SpanKind kind) {
        return receiver.spans.stream().filter(span -> span.getKind() == kind).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc", "http"})
    void tellsTracesMetricsAndLogs(String protocol) {
        try (OtlpReceiver receiver = receiver(protocol);
                TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = gateway().start(config(receiver, protocol, upstream))) {
            String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
            assertThat(gateway.get("/orders/7", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                            .statusCode())
                    .isEqualTo(200);
            String sent = upstream.last().header("traceparent").orElseThrow();
            assertThat(sent).contains(trace);
            assertThat(gateway.get("/orders/8").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/orders/9").statusCode()).isEqualTo(429);
            assertThat(gateway.get("/nothing").statusCode()).isEqualTo(404);

            gateway.await("spans", () -> of(receiver, SpanKind.SPAN_KIND_SERVER).size() == 4);
            List<Span> servers = of(receiver, SpanKind.SPAN_KIND_SERVER);
            assertThat(servers.stream().map(Span::getName).toList())
                    .containsExactly("GET /orders/{id}", "GET /orders/{id}", "GET /orders/{id}", "GET");
            Span client = of(receiver, SpanKind.SPAN_KIND_CLIENT).getFirst();
            Span step = of(receiver, SpanKind.SPAN_KIND_INTERNAL).getFirst();
            assertThat(sent).contains(OtlpReceiver.hex(client.getSpanId()));
            assertThat(OtlpReceiver.hex(servers.getFirst().getTraceId())).isEqualTo(trace);
            assertThat(OtlpReceiver.hex(servers.getFirst().getParentSpanId())).isEqualTo("00f067aa0ba902b7");
            assertThat(client.getParentSpanId()).isEqualTo(step.getSpanId());
            assertThat(step.getParentSpanId()).isEqualTo(servers.getFirst().getSpanId());
            receiver.spans.stream()
                    .filter(span -> span.getKind() != SpanKind.SPAN_KIND_INTERNAL)
                    .forEach(Conventions::assertKeeps);

            gateway.await(
                    "metrics",
                    () -> receiver.metrics.stream()
                            .map(Metric::getName)
                            .collect(Collectors.toSet())
                            .containsAll(List.of(
                                    "http.server.request.duration",
                                    "http.server.active_requests",
                                    "http.client.request.duration",
                                    "jvm.memory.used",
                                    "sallyport.step.duration",
                                    "sallyport.exchange.duration",
                                    "sallyport.rate_limit.refused",
                                    "sallyport.upstream.targets",
                                    "sallyport.opentelemetry.sent")));
            receiver.metrics.stream()
                    .filter(metric -> metric.getName().matches("(http|jvm)\\..*"))
                    .forEach(Conventions::assertKeeps);
            assertThat(OtlpReceiver.attributes(receiver.resources.getFirst().getAttributesList()))
                    .containsEntry("service.name", "sallyport")
                    .containsEntry("deployment.environment.name", "test")
                    .containsKeys("service.version", "service.instance.id");
            assertThat(gateway.degraded()).isEmpty();
        }
    }

    @Test
    void theLogIsTold() {
        try (OtlpReceiver receiver = OtlpReceiver.http();
                TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = gateway().start(config(receiver, "http", upstream))) {
            gateway.configure(
                    config(receiver, "http", upstream) + "  - {name: more, upstream: \"http://127.0.0.1:1\"}\n");
            gateway.await("log records", () -> !receiver.logs.isEmpty());
            assertThat(receiver.logs)
                    .allSatisfy(
                            log -> assertThat(log.getBody().getStringValue()).isNotEmpty());
        }
    }

    @Test
    void aCollectorThatIsAwayIsNamedAndHarmsNoRequest() {
        OtlpReceiver receiver = OtlpReceiver.grpc();
        receiver.close();
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        gateway().start(config(receiver, "grpc", upstream).replace("limit: 2/h", "limit: 100000/s"))) {
            for (int i = 0; i < 200; i++) {
                assertThat(gateway.get("/orders/" + i).statusCode()).isEqualTo(200);
            }
            gateway.await(
                    "the service to be named",
                    () -> gateway.degraded().stream()
                            .anyMatch(line -> line.contains("telemetry") && line.contains("accepts no connection")));
            try (OtlpReceiver again = receiver.again()) {
                gateway.await(
                        "it to be back",
                        () -> !again.spans.isEmpty() && gateway.degraded().isEmpty());
            }
        }
    }

    @Test
    void reloadsUnderLoadLoseNoRequestAndNoSpan() throws Exception {
        try (OtlpReceiver receiver = OtlpReceiver.grpc();
                TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        gateway().start(config(receiver, "grpc", upstream).replace("limit: 2/h", "limit: 100000/s"))) {
            AtomicBoolean over = new AtomicBoolean();
            int served = 0;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> clients = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    clients.add(threads.submit(() -> {
                        int count = 0;
                        while (!over.get()) {
                            assertThat(gateway.get("/orders/" + count).statusCode())
                                    .isEqualTo(200);
                            count++;
                        }
                        return count;
                    }));
                }
                for (int reload = 0; reload < 8; reload++) {
                    String changed = config(receiver, "grpc", upstream)
                            .replace("limit: 2/h", "limit: 100000/s")
                            .replace("environment.name: test", "environment.name: test-" + reload);
                    assertThat(gateway.configure(changed).toString()).doesNotContain("failed=[s");
                }
                over.set(true);
                for (Future<Integer> client : clients) {
                    served += client.get();
                }
            }
            int expected = served;
            gateway.await(
                    "all spans",
                    () -> of(receiver, SpanKind.SPAN_KIND_SERVER).size() >= expected
                            && of(receiver, SpanKind.SPAN_KIND_CLIENT).size() >= expected);
            assertThat(of(receiver, SpanKind.SPAN_KIND_SERVER)).hasSize(expected);
            assertThat(of(receiver, SpanKind.SPAN_KIND_CLIENT)).hasSize(expected);
            assertThat(receiver.spans.stream().map(Span::getSpanId)).doesNotHaveDuplicates();
        }
    }

    @Test
    void aServiceThatOnlyTracesToldTwiceTracesOnce() {
        try (OtlpReceiver one = OtlpReceiver.http();
                OtlpReceiver other = OtlpReceiver.http();
                TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = gateway().start("""
                    services:
                      - {name: one, opentelemetry: {endpoint: "%s", protocol: http, signals: [traces]}}
                      - {name: other, opentelemetry: {endpoint: "%s", protocol: http, signals: [traces, metrics], metrics: {interval: 200ms}}}
                    routes: [{name: all, upstream: "%s"}]
                    """.formatted(one.url(), other.url(), upstream.address()))) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            gateway.await("spans", () -> one.spans.size() == 2);
            gateway.await(
                    "metrics",
                    () -> !other.named("http.server.request.duration").isEmpty());
            assertThat(other.spans).isEmpty();
            assertThat(upstream.last().header("traceparent")).isPresent();
        }
    }

    @Test
    void settingsThatCannotWorkAreRefusedWithTheirKey() {
        Map<String, String> cases = Map.of(
                "endpoint: \"localhost:4317\"", "expected: a URL such as http://127.0.0.1:4317",
                "endpoint: \"http://h:1/v1\"", "expected: no path with protocol: grpc",
                "endpoint: \"http://h:1\", traces: {ratio: 2}", "expected: 0 to 1",
                "endpoint: \"http://h:1\", tls: {ca: ca.pem}", "expected: https:// for TLS",
                "endpoint: \"http://h:1\", headers: {content-type: x}", "that OTLP leaves free",
                "endpoint: \"http://h:1\", traces: {propagation: [b3, b3-multi]}", "expected: one of them");
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        gateway().start("routes: [{name: all, upstream: \"%s\"}]".formatted(upstream.address()))) {
            cases.forEach((settings, message) -> assertThat(
                            gateway.configure("""
                                services: [{name: t, opentelemetry: {%s}}]
                                routes: [{name: all, upstream: "%s"}]
                                """.formatted(settings, upstream.address()))
                                    .toString())
                    .contains(message));
        }
    }
}
