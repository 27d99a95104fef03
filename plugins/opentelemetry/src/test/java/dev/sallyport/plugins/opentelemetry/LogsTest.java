package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.LogEvent;
import dev.sallyport.api.telemetry.LogEvent.Level;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of the gateway's log. */
final class LogsTest {

    static LogEvent event(String message) {
        return new LogEvent(
                Instant.parse("2026-01-01T00:00:00.000000001Z"), Level.INFO, "rate-limit", "t", message, null);
    }

    private static List<LogRecord> logs(Run run, int expected) {
        await().atMost(Duration.ofSeconds(20)).until(() -> run.receiver.logs.size() >= expected);
        return List.copyOf(run.receiver.logs);
    }

    @Test
    void aRecordIsToldWhole() {
        try (Run run = new Run(configs -> {})) {
            run.exporter.logged(new LogEvent(
                    Instant.parse("2026-01-01T00:00:00.000000001Z"),
                    Level.WARN,
                    "rate-limit",
                    "worker-1",
                    "the store is away",
                    "java.io.IOException: x\n\tat y"));
            LogRecord log = logs(run, 1).getFirst();
            assertThat(log.getBody().getStringValue()).isEqualTo("the store is away");
            assertThat(log.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_WARN);
            assertThat(log.getSeverityText()).isEqualTo("WARN");
            assertThat(log.getTimeUnixNano()).isEqualTo(1_767_225_600_000_000_001L);
            assertThat(log.getTraceId().isEmpty()).isTrue();
            assertThat(OtlpReceiver.attributes(log.getAttributesList()))
                    .containsEntry("thread.name", "worker-1")
                    .containsEntry("exception.stacktrace", "java.io.IOException: x\n\tat y");
            assertThat(run.receiver.scopes).contains("rate-limit");
        }
    }

    @Test
    void whatAnExchangesThreadLogsLeadsToItsTrace() {
        try (Run run = new Run(configs -> {})) {
            Request request = Run.stranger();
            ExchangeObserver observer = run.exporter.begins(request);
            run.exporter.logged(event("inside"));
            observer.ended(Run.completed(200));
            run.exporter.logged(event("after"));
            List<LogRecord> logs = logs(run, 2);
            assertThat(logs.getFirst().getTraceId()).isEqualTo(run.server().getTraceId());
            assertThat(logs.getFirst().getSpanId()).isEqualTo(run.server().getSpanId());
            assertThat(logs.getLast().getTraceId().isEmpty()).isTrue();
        }
    }

    @Test
    void threadsAreForgottenWithTheirExchanges() {
        try (Run run = new Run(configs -> {})) {
            for (int i = 0; i < 1_000; i++) {
                run.pass(Run.stranger(), 200);
            }
            assertThat(((OpenTelemetryExporter) run.exporter).contexts().size()).isZero();
        }
    }

    @Test
    void whatTheLibrariesThatSendLogIsNotSent() {
        try (Run run = new Run(configs -> {})) {
            run.exporter.logged(
                    new LogEvent(Instant.EPOCH, Level.DEBUG, "okhttp3.internal.http2.Http2", "t", "frame", null));
            run.exporter.logged(event("mine"));
            assertThat(logs(run, 1)).hasSize(1);
        }
    }

    @Test
    void manyAreBounded() {
        try (Run run = new Run(configs -> {
            configs.queue = 100;
            configs.spans = 100;
            configs.signals = EnumSet.of(Signal.LOGS);
        })) {
            run.receiver.thinks = 2_000;
            for (int i = 0; i < 10_000; i++) {
                run.exporter.logged(event("hello"));
            }
            assertThat(run.dropped("queue-full")).isGreaterThan(9_000);
        }
    }

    @Test
    void whatWasThrownIsToldByClassAndMessageToo() {
        try (Run run = new Run(configs -> {})) {
            run.exporter.logged(
                    new LogEvent(Instant.EPOCH, Level.WARN, "x", "t", "m", "java.io.IOException: broke: off\n\tat y"));
            run.exporter.logged(new LogEvent(Instant.EPOCH, Level.WARN, "x", "t", "m", "java.io.EOFException\n\tat y"));
            List<LogRecord> logs = logs(run, 2);
            logs.forEach(Conventions::assertKeeps);
            assertThat(OtlpReceiver.attributes(logs.getFirst().getAttributesList()))
                    .containsEntry("exception.type", "java.io.IOException")
                    .containsEntry("exception.message", "broke: off");
            assertThat(OtlpReceiver.attributes(logs.getLast().getAttributesList()))
                    .containsEntry("exception.type", "java.io.EOFException")
                    .doesNotContainKey("exception.message");
        }
    }

    @Test
    void whatTheServiceLogsOfItsOwnSendingIsNotSent() {
        try (Run run = new Run(configs -> {})) {
            String own = run.context.logger().getName();
            run.exporter.logged(new LogEvent(Instant.EPOCH, Level.WARN, own, "t", "the collector is away", null));
            run.exporter.logged(event("mine"));
            assertThat(logs(run, 1)).hasSize(1);
            assertThat(run.receiver.scopes).doesNotContain(own);
        }
    }
}
