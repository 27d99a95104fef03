package dev.sallyport.plugins.opentelemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Exporter;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.Metric;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Compression;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Protocol;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Tls;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.TestAuthority;
import dev.sallyport.testkit.Threads;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way to collectors that are there, slow, away, or refuse. */
final class DeliveryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static OtlpReceiver receiver(Protocol protocol) {
        return protocol == Protocol.GRPC ? OtlpReceiver.grpc() : OtlpReceiver.http();
    }

    private static Exporter exporter(
            FakeContext context, OtlpReceiver receiver, Protocol protocol, Consumer<Configs> change) {
        Configs configs = Configs.to(receiver, protocol);
        configs.signals = EnumSet.of(Signal.TRACES);
        change.accept(configs);
        return context.createExporter(new OpenTelemetryFactory(), configs.make());
    }

    private static void exchange(Exporter exporter) {
        Request request = Run.stranger();
        ExchangeObserver observer = exporter.begins(request);
        observer.ended(Run.completed(200));
    }

    private static long counted(FakeContext context, String name, String reason) {
        return context.metrics().stream()
                .filter(metric -> metric.getName().equals("sallyport.opentelemetry." + name))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .filter(point ->
                        reason == null || reason.equals(point.getAttributes().get(AttributeKey.stringKey("reason"))))
                .mapToLong(LongPointData::getValue)
                .sum();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void allSignalsArrive(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol);
                FakeContext context = FakeContext.create()) {
            Exporter exporter = exporter(context, receiver, protocol, configs -> {
                configs.signals = EnumSet.allOf(Signal.class);
                configs.headers = Map.of("authorization", Secret.parse("Bearer s3cret"));
            });
            exchange(exporter);
            exporter.logged(LogsTest.event("hello"));
            await().atMost(PATIENCE)
                    .until(() -> !receiver.spans.isEmpty() && !receiver.logs.isEmpty() && !receiver.metrics.isEmpty());
            assertThat(receiver.fields).containsEntry("authorization", "Bearer s3cret");
            assertThat(receiver.fields.get(protocol == Protocol.GRPC ? "grpc-encoding" : "content-encoding"))
                    .isEqualTo("gzip");
            assertThat(exporter.trouble()).isNull();
            assertThat(String.join("\n", context.log())).doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void itMayBeSentUnpacked(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol);
                FakeContext context = FakeContext.create()) {
            exchange(exporter(context, receiver, protocol, configs -> configs.compression = Compression.NONE));
            await().atMost(PATIENCE).until(() -> !receiver.spans.isEmpty());
            assertThat(receiver.fields.getOrDefault("grpc-encoding", "identity"))
                    .isEqualTo("identity");
            assertThat(receiver.fields).doesNotContainKey("content-encoding");
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void manyArriveInBatches(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol);
                FakeContext context = FakeContext.create()) {
            Exporter exporter = exporter(context, receiver, protocol, configs -> configs.queue = 100_000);
            for (int i = 0; i < 20_000; i++) {
                exchange(exporter);
            }
            await().atMost(PATIENCE).until(() -> receiver.spans.size() == 20_000);
            assertThat(counted(context, "sent", null)).isEqualTo(20_000);
            assertThat(counted(context, "dropped", null)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aCollectorThatIsAwayCostsWhatDoesNotFitAndComesBack(Protocol protocol) {
        OtlpReceiver first = receiver(protocol);
        try (FakeContext context = FakeContext.create()) {
            Exporter exporter = exporter(context, first, protocol, configs -> {
                configs.queue = 100;
                configs.spans = 100;
            });
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> !first.spans.isEmpty());
            first.close();

            exchange(exporter);
            await().atMost(PATIENCE).until(() -> exporter.trouble() != null);
            for (int i = 0; i < 1_000; i++) {
                exchange(exporter);
            }
            assertThat(counted(context, "dropped", "queue-full")).isGreaterThanOrEqualTo(800);
            assertThat(context.log())
                    .filteredOn(line -> line.startsWith("WARNING"))
                    .hasSize(1);

            try (OtlpReceiver again = first.again()) {
                await().atMost(PATIENCE).until(() -> again.spans.size() >= 50 && exporter.trouble() == null);
                assertThat(context.log()).anyMatch(line -> line.contains("takes traces again"));
            }
        } finally {
            first.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aCollectorThatAsksForTimeGetsTheSameAgain(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol);
                FakeContext context = FakeContext.create()) {
            receiver.refusal = protocol == Protocol.GRPC ? 14 : 503;
            Exporter exporter = exporter(context, receiver, protocol, configs -> {});
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> exporter.trouble() != null);
            receiver.refusal = 0;
            await().atMost(PATIENCE).until(() -> !receiver.spans.isEmpty());
            assertThat(receiver.spans).hasSize(1);
            assertThat(counted(context, "dropped", null)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aCollectorThatRefusesGetsItOnce(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol);
                FakeContext context = FakeContext.create()) {
            receiver.refusal = protocol == Protocol.GRPC ? 16 : 401;
            Exporter exporter = exporter(context, receiver, protocol, configs -> {});
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> counted(context, "dropped", "refused") == 1);
            assertThat(exporter.trouble()).contains(protocol == Protocol.GRPC ? "gRPC status 16" : "it answered 401");
            receiver.refusal = 0;
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> !receiver.spans.isEmpty());
            assertThat(receiver.calls).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void whatACollectorRejectsOfAMessageIsCounted(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol);
                FakeContext context = FakeContext.create()) {
            receiver.rejected = 1;
            Exporter exporter = exporter(context, receiver, protocol, configs -> {});
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> counted(context, "dropped", "rejected") == 1);
            assertThat(exporter.trouble()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aCollectorThatDoesNotAnswerIsGivenUp(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol);
                FakeContext context = FakeContext.create()) {
            receiver.thinks = 60_000;
            Exporter exporter =
                    exporter(context, receiver, protocol, configs -> configs.timeout = Duration.ofMillis(300));
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> exporter.trouble() != null);
            assertThat(exporter.trouble()).contains("does not answer in time");
            receiver.thinks = 0;
            await().atMost(PATIENCE).until(() -> exporter.trouble() == null);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void whatIsNoCollectorIsNamed(Protocol protocol) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                FakeContext context = FakeContext.create()) {
            Configs configs = new Configs();
            configs.endpoint = "http://127.0.0.1:" + silent.getLocalPort();
            configs.protocol = protocol;
            configs.timeout = Duration.ofMillis(300);
            configs.signals = EnumSet.of(Signal.TRACES);
            Exporter exporter = context.createExporter(new OpenTelemetryFactory(), configs.make());
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> exporter.trouble() != null);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void whatIsLeftIsSentWhenItIsClosed(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol)) {
            try (FakeContext context = FakeContext.create()) {
                Exporter exporter = exporter(context, receiver, protocol, configs -> {
                    configs.signals = EnumSet.allOf(Signal.class);
                    configs.interval = Duration.ofHours(1);
                });
                for (int i = 0; i < 10; i++) {
                    exchange(exporter);
                    exporter.logged(LogsTest.event("hello"));
                }
            }
            assertThat(receiver.spans).hasSize(10);
            assertThat(receiver.logs).hasSize(10);
            assertThat(receiver.named("http.server.request.duration")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void itsThreadsEndWithIt(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol)) {
            try (FakeContext context = FakeContext.create()) { // what the receiver starts first
                exchange(exporter(context, receiver, protocol, configs -> {}));
                await().atMost(PATIENCE).until(() -> !receiver.spans.isEmpty());
            }
            Map<Long, String> before = Threads.alive();
            assertThat(before.values()).noneMatch(name -> name.contains("OkHttp") || name.contains("Okio"));
            try (FakeContext context = FakeContext.create()) {
                exchange(exporter(context, receiver, protocol, configs -> {}));
                await().atMost(PATIENCE).until(() -> receiver.spans.size() == 2);
            }
            assertThat(Threads.aliveSince(before, Duration.ofSeconds(5))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void bothSidesShowCertificates(Protocol protocol, @TempDir Path folder) throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        authority.issue("collector", "EC", "127.0.0.1");
        authority.issue("gateway", "EC", "gateway.internal");
        try (OtlpReceiver receiver = protocol == Protocol.GRPC
                        ? OtlpReceiver.grpc(new OtlpReceiver.SslFiles(
                                authority.file("collector.pem"),
                                authority.file("collector.key"),
                                authority.file("ca.pem")))
                        : OtlpReceiver.https(authority.client("collector"));
                FakeContext context = FakeContext.create()) {
            Exporter exporter = exporter(
                    context,
                    receiver,
                    protocol,
                    configs -> configs.tls = new Tls(
                            authority.file("ca.pem"), authority.file("gateway.pem"), authority.file("gateway.key")));
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> !receiver.spans.isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aCollectorOfAnotherAuthorityGetsNothing(Protocol protocol, @TempDir Path folder) throws Exception {
        TestAuthority authority = new TestAuthority(folder.resolve("one"));
        authority.issue("collector", "EC", "127.0.0.1");
        TestAuthority other = new TestAuthority(folder.resolve("other"));
        try (OtlpReceiver receiver = protocol == Protocol.GRPC
                        ? OtlpReceiver.grpc(new OtlpReceiver.SslFiles(
                                authority.file("collector.pem"), authority.file("collector.key"), null))
                        : OtlpReceiver.https(authority.client("collector"));
                FakeContext context = FakeContext.create()) {
            Exporter exporter = exporter(
                    context, receiver, protocol, configs -> configs.tls = new Tls(other.file("ca.pem"), null, null));
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> exporter.trouble() != null);
            assertThat(exporter.trouble()).contains("TLS fails");
            assertThat(receiver.spans).isEmpty();
        }
    }

    @Test
    void aFileThatIsNoCertificateIsNamed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("ca.pem"), "none");
        try (FakeContext context = FakeContext.create()) {
            Configs configs = new Configs();
            configs.endpoint = "https://127.0.0.1:4317";
            configs.tls = new Tls(file, null, null);
            assertThatThrownBy(() -> context.createExporter(new OpenTelemetryFactory(), configs.make()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("ca.pem (expected: certificates, PEM)");
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aSignalThatTheCollectorDoesNotTakeTroublesNoOther(Protocol protocol) {
        try (OtlpReceiver receiver = receiver(protocol)) {
            receiver.refuses = Signal.LOGS;
            receiver.refusal = protocol == Protocol.GRPC ? 12 : 404;
            List<String> lines;
            try (FakeContext context = FakeContext.create()) {
                Exporter exporter = exporter(
                        context,
                        receiver,
                        protocol,
                        configs -> configs.signals = EnumSet.of(Signal.TRACES, Signal.LOGS));
                for (int i = 1; i <= 3; i++) {
                    int so = i;
                    exporter.logged(LogsTest.event("hello"));
                    exchange(exporter);
                    await().atMost(PATIENCE)
                            .until(() -> counted(context, "dropped", "refused") == so && receiver.spans.size() == so);
                    assertThat(exporter.trouble()).contains("gets no logs: ").doesNotContain("traces");
                }
                exchange(exporter); // sent at the end, whatever becomes of logs
                lines = List.copyOf(context.log());
            }
            assertThat(receiver.spans).hasSize(4);
            assertThat(lines).filteredOn(line -> line.contains("the collector")).hasSize(1);
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, on purpose
    void anAnswerThatStallsIsGivenUp() throws Exception {
        try (ServerSocket stalling = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                FakeContext context = FakeContext.create()) {
            Thread server = Thread.ofVirtual().start(() -> {
                List<Socket> open = new ArrayList<>();
                try {
                    while (true) {
                        Socket socket = stalling.accept();
                        open.add(socket);
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".getBytes(US_ASCII));
                    }
                } catch (IOException closed) {
                    // over
                }
            });
            Configs configs = new Configs();
            configs.endpoint = "http://127.0.0.1:" + stalling.getLocalPort();
            configs.protocol = Protocol.HTTP;
            configs.timeout = Duration.ofMillis(300);
            configs.signals = EnumSet.of(Signal.TRACES);
            Exporter exporter = context.createExporter(new OpenTelemetryFactory(), configs.make());
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> exporter.trouble() != null);
            assertThat(exporter.trouble()).contains("does not answer in time");
            stalling.close();
            server.join();
        }
    }

    @Test
    void aConnectionThatHasGoneSilentIsLeft() throws Exception {
        try (OtlpReceiver receiver = OtlpReceiver.grpc();
                Relay relay = new Relay(receiver.port());
                FakeContext context = FakeContext.create()) {
            Configs configs = new Configs();
            configs.endpoint = "http://127.0.0.1:" + relay.port();
            configs.timeout = Duration.ofMillis(500);
            configs.signals = EnumSet.of(Signal.TRACES);
            Exporter exporter = context.createExporter(new OpenTelemetryFactory(), configs.make());
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> receiver.spans.size() == 1);
            relay.silence();
            exchange(exporter);
            await().atMost(PATIENCE).until(() -> receiver.spans.size() == 2);
            assertThat(counted(context, "dropped", null)).isZero();
        }
    }

    @Test
    void whatAClientThrowsEndsNothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Collector broken = new Collector() {
            @Override
            public Answer send(Signal signal, byte[] message) {
                if (calls.incrementAndGet() == 1) {
                    throw new IllegalArgumentException("s3cret");
                }
                return new Answer.Taken(0, null);
            }

            @Override
            public void close() {}
        };
        try (FakeContext context = FakeContext.create()) {
            Delivery delivery = new Delivery("traces", broken, new Counts(context.meter()), context.logger());
            delivery.deliver(Signal.TRACES, new byte[0], 3, 5);
            assertThat(calls).hasValue(1);
            assertThat(counted(context, "dropped", "refused")).isEqualTo(3);
            assertThat(delivery.trouble()).contains("IllegalArgumentException").doesNotContain("s3cret");
            delivery.deliver(Signal.TRACES, new byte[0], 1, 5);
            assertThat(delivery.trouble()).isNull();
        }
    }

    @Test
    void whatCannotBePackedIsCountedAndTheRestGoesOn() throws Exception {
        try (OtlpReceiver receiver = OtlpReceiver.http();
                FakeContext context = FakeContext.create()) {
            Configs configs = Configs.to(receiver, Protocol.HTTP);
            Collector collector = context.onClose(new HttpCollector(configs.make()));
            Counts counts = new Counts(context.meter());
            Delivery delivery = new Delivery("traces", collector, counts, context.logger());
            Outbox<Integer> outbox = new Outbox<>(
                    Signal.TRACES,
                    100,
                    each -> 1,
                    all -> {
                        if (all.contains(13)) {
                            throw new IllegalStateException("13");
                        }
                        return new byte[0];
                    },
                    delivery,
                    counts);
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    outbox.run();
                } catch (InterruptedException hurried) {
                    // over
                }
            });
            outbox.offer(13);
            await().atMost(PATIENCE).until(() -> counted(context, "dropped", "failed") == 1);
            outbox.offer(14);
            await().atMost(PATIENCE).until(() -> counted(context, "sent", null) == 1);
            delivery.close();
            sender.join();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void metricsOfManySeriesArriveInSeveralMessages(Protocol protocol) {
        String text = "x".repeat(1_000);
        List<Metric.Point> points = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            points.add(new Metric.Value(
                    Attributes.builder().put("a", text).put("i", i).build(), 1));
        }
        Metric metric = new Metric("sallyport.many", "Many.", "", Metric.Kind.COUNTER, points);
        try (OtlpReceiver receiver = receiver(protocol);
                FakeContext context =
                        FakeContext.builder().allMetrics(() -> List.of(metric)).build()) {
            exporter(context, receiver, protocol, configs -> {
                configs.signals = EnumSet.of(Signal.METRICS);
                configs.compression = Compression.NONE;
                configs.interval = Duration.ofSeconds(1);
            });
            await().atMost(PATIENCE)
                    .until(() -> receiver.named("sallyport.many").stream()
                                    .flatMap(part -> part.getSum().getDataPointsList().stream())
                                    .map(point -> point.getAttributesList())
                                    .distinct()
                                    .count()
                            == 12_000);
            assertThat(counted(context, "dropped", null)).isZero();
        }
    }

    @Test
    @SuppressWarnings("try") // closed early, on purpose
    void whatIsNotSentBeforeTheTimeOfClosingRunsOutIsTold() {
        try (OtlpReceiver receiver = OtlpReceiver.http();
                FakeContext context = FakeContext.create()) {
            receiver.thinks = 60_000;
            Exporter exporter = exporter(context, receiver, Protocol.HTTP, configs -> {
                configs.queue = 200;
                configs.timeout = Duration.ofSeconds(30);
            });
            for (int i = 0; i < 150; i++) {
                exchange(exporter);
            }
            await().atMost(PATIENCE).until(() -> receiver.fields.containsKey("content-type"));
            context.close();
            assertThat(context.log()).anyMatch(line -> line.contains("closed before all was sent"));
        }
    }
}
