package dev.sallyport.plugins.opentelemetry;

import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Protocol;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The exporter with a real receiver, and exchanges that a test makes up. */
final class Run implements AutoCloseable {

    final OtlpReceiver receiver = OtlpReceiver.http();
    final FakeContext context;
    final Exporter exporter;

    Run(Consumer<Configs> change) {
        this(change, FakeContext.builder().step("traces").build());
    }

    Run(Consumer<Configs> change, FakeContext context) {
        this.context = context;
        Configs configs = Configs.to(receiver, Protocol.HTTP);
        change.accept(configs);
        exporter = context.createExporter(new OpenTelemetryFactory(), configs.make());
    }

    static Attempt attempt(int number) {
        return new Attempt(number, "orders", URI.create("http://127.0.0.1:9001"));
    }

    static Completion completed(int status, Duration duration) {
        return new Completion(status, 10, 20, duration, Completion.Outcome.COMPLETED, null);
    }

    static Completion completed(int status) {
        return completed(status, Duration.ofMillis(5));
    }

    /** An exchange with one attempt that ends with that status; what the target gets. */
    Request pass(Request request, int status) {
        return pass(request, status, completed(status));
    }

    Request pass(Request request, int status, Completion completion) {
        ExchangeObserver observer = exporter.begins(request);
        if (observer == null) {
            return request;
        }
        Request sent = observer.attemptBegins(attempt(1), observer.received(request));
        observer.attemptEnded(attempt(1), status, null);
        observer.ended(completion);
        return sent;
    }

    /** A request of an exchange with these header fields, from a trusted proxy. */
    static Request trusted(String... fields) {
        return request(FakeExchange.builder().peerTrusted().build(), fields);
    }

    static Request stranger(String... fields) {
        return request(FakeExchange.create(), fields);
    }

    static Request request(FakeExchange exchange, String... fields) {
        Requests.Builder request = Requests.get("/orders/7?x=1").exchange(exchange);
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return request.build();
    }

    List<io.opentelemetry.proto.trace.v1.Span> spans(int expected) {
        await().atMost(Duration.ofSeconds(20)).until(() -> receiver.spans.size() >= expected);
        return new ArrayList<>(receiver.spans);
    }

    /** The server's span of one exchange. */
    io.opentelemetry.proto.trace.v1.Span server() {
        return spans(1).stream()
                .filter(span -> span.getKind() == io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER)
                .findFirst()
                .orElseThrow();
    }

    /** What the service says that it dropped. */
    long dropped(String reason) {
        return context.metrics().stream()
                .filter(metric -> metric.getName().equals("sallyport.opentelemetry.dropped"))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .filter(point -> reason.equals(
                        point.getAttributes().get(io.opentelemetry.api.common.AttributeKey.stringKey("reason"))))
                .mapToLong(io.opentelemetry.sdk.metrics.data.LongPointData::getValue)
                .sum();
    }

    @Override
    public void close() {
        context.close();
        receiver.close();
    }
}
