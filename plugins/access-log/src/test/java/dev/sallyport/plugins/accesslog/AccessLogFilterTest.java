package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Filter;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.config.Percent;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessLogFilterTest {

    @TempDir
    Path folder;

    @Test
    void writesALineOnceTheExchangeHasEnded() throws Exception {
        Path file = folder.resolve("logs/access.log");
        FakeExchange exchange = FakeExchange.builder().id("r-1").build();
        try (FakeContext context = FakeContext.create()) {
            Filter filter = filter(context, file);
            filter.handle(Requests.get("/a").exchange(exchange).build(), FakeNext.ok());
            assertThat(Files.readString(file)).isEmpty();

            exchange.complete(204);
        }

        assertThat(Files.readAllLines(file))
                .singleElement()
                .asString()
                .contains("\"requestId\":\"r-1\"", "\"status\":204");
    }

    @Test
    void writesALineWhereALaterStepFails() throws Exception {
        Path file = folder.resolve("access.log");
        FakeExchange exchange = FakeExchange.create();
        try (FakeContext context = FakeContext.create()) {
            Filter filter = filter(context, file);
            UpstreamException failure = new UpstreamException(UpstreamException.Kind.CONNECT, "refused", null);

            assertThatThrownBy(() ->
                            filter.handle(Requests.get("/a").exchange(exchange).build(), FakeNext.failing(failure)))
                    .isSameAs(failure);
            exchange.complete(502);
        }

        assertThat(Files.readAllLines(file)).singleElement().asString().contains("\"status\":502");
    }

    @Test
    void appendsToWhatIsThere() throws Exception {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "before\n");
        try (FakeContext context = FakeContext.create()) {
            exchange(filter(context, file), "r-1");
        }

        assertThat(Files.readAllLines(file)).hasSize(2).startsWith("before");
    }

    @Test
    void stepsOfOneFileShareAWriterUntilTheLastIsClosed() throws Exception {
        Path file = folder.resolve("access.log");
        FakeContext one = FakeContext.create();
        FakeContext two = one.sibling("other", "access-log");
        Filter first = filter(one, file);
        Filter second = filter(two, folder.resolve("x/../access.log"));
        assertThat(one.openLeases()).isEqualTo(1);

        exchange(first, "r-1");
        one.close();
        exchange(second, "r-2");
        two.close();

        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(Files.readAllLines(file).getFirst()).contains("r-1");
        assertThat(Files.readAllLines(file).getLast()).contains("r-2");
        assertThat(two.openLeases()).isZero();
    }

    @Test
    void writesTheOnesThatAreAskedForAndASampleOfTheOthers() throws Exception {
        Path file = folder.resolve("access.log");
        try (FakeContext context = FakeContext.create()) {
            Filter filter = context.create(
                    new AccessLogFactory(),
                    Configs.only(
                            new Destination.File(file, null),
                            "completion.status >= 500 || completion.millis > 1000",
                            new Percent(10)));
            for (int i = 0; i < 2_000; i++) {
                exchange(
                        filter,
                        UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)})
                                .toString(),
                        200);
            }
            exchange(filter, "failed", 503);
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSizeBetween(150, 250).last().asString().contains("\"requestId\":\"failed\"");
    }

    @Test
    void aSampleIsTheSameWhereverItIsTaken() {
        Selection one = new Selection(null, new Percent(50));
        Selection other = new Selection(LineCondition.parse("completion.status == 599"), new Percent(50));
        for (int i = 0; i < 100; i++) {
            FakeExchange exchange = FakeExchange.builder().id("r-" + i).build();
            Ended ended = new Ended(
                    Requests.get("/").exchange(exchange).build(),
                    null,
                    new Completion(200, 0, 0, Duration.ZERO, Completion.Outcome.COMPLETED, null));

            assertThat(one.takes(ended)).isEqualTo(other.takes(ended));
        }
    }

    @Test
    void countsWhatIsWrittenAndWhatIsLost() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Filter filter = filter(context, folder.resolve("access.log"));
            exchange(filter, "r-1");
            exchange(filter, "r-2");

            await().untilAsserted(() -> assertThat(context.metrics())
                    .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                            .hasName("sallyport.access_log.written")
                            .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(point -> point.hasValue(2))))
                    .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                            .hasName("sallyport.access_log.queue")
                            .hasLongGaugeSatisfying(gauge -> gauge.hasPointsSatisfying(point -> point.hasValue(0)))));
        }
    }

    private static Filter filter(FakeContext context, Path file) {
        return context.create(
                new AccessLogFactory(),
                Configs.of(new AccessLogConfig.Format.Json(), new Destination.File(file, null)));
    }

    private static void exchange(Filter filter, String id) throws Exception {
        exchange(filter, id, 200);
    }

    private static void exchange(Filter filter, String id, int status) throws Exception {
        FakeExchange exchange = FakeExchange.builder().id(id).build();
        filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());
        exchange.complete(status);
    }
}
