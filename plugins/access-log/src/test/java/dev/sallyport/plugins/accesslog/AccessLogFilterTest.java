package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Filter;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void writesToTheNewFileOnceTheOldOneWasMoved() throws Exception {
        Path file = folder.resolve("access.log");
        Path old = folder.resolve("access.log.1");
        try (FileOutput output = new FileOutput(file)) {
            output.write("one\n".getBytes());
            Files.move(file, old);
            output.write("two\n".getBytes());
            Files.delete(file);
            output.write("three\n".getBytes());
            output.write("four\n".getBytes());
        }

        assertThat(Files.readString(old)).isEqualTo("one\n");
        assertThat(Files.readString(file)).isEqualTo("three\nfour\n");
    }

    private static Filter filter(FakeContext context, Path file) {
        return context.create(
                new AccessLogFactory(),
                new AccessLogConfig(AccessLogConfig.Format.JSON, new Destination.File(file), List.of(), List.of()));
    }

    private static void exchange(Filter filter, String id) throws Exception {
        FakeExchange exchange = FakeExchange.builder().id(id).build();
        filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());
        exchange.complete(200);
    }
}
