package dev.sallyport.plugins.circuitbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An instance of the step that takes the place of another one: after an upgrade, a change of the settings, a restart. */
final class KeptTest {

    private static final String KEY = "circuit-breaker/orders/cb";
    private static final String ONE = "http://127.0.0.1:9001";
    private static final String TWO = "http://127.0.0.1:9002";

    private final FakeContext context =
            FakeContext.builder().route("orders").key(KEY).build();
    private final FakeContext ofUpstream =
            FakeContext.builder().route("upstream:orders").key(KEY).build();

    @AfterEach
    void closeContexts() {
        context.close();
        ofUpstream.close();
    }

    @Test
    void isOpenForAsLong() throws Exception {
        fail(create(Configs.usual()));
        context.clock().advance(Duration.ofSeconds(10));

        Filter after = create(Configs.window("5", 5));
        Response refused = send(after, 200);
        context.clock().advance(Duration.ofSeconds(21));
        int tried = send(after, 200).status();
        send(after, 200);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isEqualTo("20");
        assertThat(tried).isEqualTo(200);
        assertThat(after.state().get("state")).isEqualTo("closed");
        assertThat(context.log())
                .containsExactly(
                        "WARNING " + KEY + ": circuit open, was closed",
                        "WARNING " + KEY + ": circuit open, was closed",
                        "INFO " + KEY + ": circuit half-open, was open",
                        "INFO " + KEY + ": circuit closed, was half-open");
    }

    @Test
    void triesWhereTheOtherTried() throws Exception {
        Filter before = create(Configs.usual());
        fail(before);
        context.clock().advance(Duration.ofSeconds(31));
        send(before, 200);

        Filter after = create(Configs.usual());
        int tried = send(after, 500).status();
        send(after, 500);

        assertThat(tried).isEqualTo(500);
        assertThat(after.state().get("state")).isEqualTo("open");
    }

    @Test
    void isClosedWhereTheOtherWasAndNothingIsKeptThen() throws Exception {
        Filter before = create(Configs.usual());
        fail(before);
        context.clock().advance(Duration.ofSeconds(31));
        send(before, 200);
        send(before, 200);

        assertThat(create(Configs.usual()).state().get("state")).isEqualTo("closed");
        assertThat(files()).isEmpty();
    }

    @Test
    void isClosedWhereTheOtherWasOpenLongAgo() throws Exception {
        fail(create(Configs.usual()));
        context.clock().advance(Duration.ofSeconds(91));

        assertThat(create(Configs.usual()).state().get("state")).isEqualTo("closed");
        assertThat(files()).isEmpty();
    }

    @Test
    void forgetsTargetsThatHaveNotComeBack() throws Exception {
        Filter before = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        for (int i = 0; i < 4; i++) {
            send(before, ONE, 500);
        }
        ofUpstream.clock().advance(Duration.ofSeconds(91));

        send(ofUpstream.create(new CircuitBreakerFactory(), Configs.usual()), TWO, 200);

        assertThat(files(ofUpstream)).isEmpty();
    }

    @Test
    void staysForced() throws Exception {
        tell(create(Configs.usual()), "open", null);
        context.clock().advance(Duration.ofDays(365));

        Filter after = create(Configs.usual());
        int forced = send(after, 200).status();
        tell(after, "auto", null);
        int auto = send(create(Configs.usual()), 200).status();

        assertThat(forced).isEqualTo(503);
        assertThat(auto).isEqualTo(200);
        assertThat(files()).isEmpty();
    }

    @Test
    void keepsEachTargetByItself() throws Exception {
        Filter before = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        send(before, ONE);
        send(before, TWO);
        tell(before, "close", null);
        tell(before, "open", TWO);

        Filter after = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        send(after, ONE);

        assertThat(after.state().toString()).contains(ONE + "={state=forced-closed");
        assertThat(Stream.of(TWO).filter(target -> isRefused(after, target))).containsExactly(TWO);
    }

    @Test
    void aFileThatSomebodyHasSpoiltIsNoObstacle() throws Exception {
        fail(create(Configs.usual()));
        Files.writeString(context.dataFolder().resolve(files().getFirst()), "spoilt");

        assertThat(send(create(Configs.usual()), 200).status()).isEqualTo(200);
        assertThat(context.log()).last().asString().contains("cannot be read or written");
    }

    private List<Path> files() throws IOException {
        return files(context);
    }

    private static List<Path> files(FakeContext of) throws IOException {
        try (Stream<Path> files = Files.list(of.dataFolder())) {
            return files.map(Path::getFileName).toList();
        }
    }

    private Filter create(CircuitBreakerConfig config) {
        return context.create(new CircuitBreakerFactory(), config);
    }

    private static void tell(Filter filter, String command, @Nullable String on) {
        var _ = filter.commands().stream()
                .filter(each -> each.name().equals(command))
                .findFirst()
                .orElseThrow()
                .action()
                .run(on);
    }

    private void fail(Filter filter) throws Exception {
        for (int i = 0; i < 4; i++) {
            send(filter, 500);
        }
    }

    private Response send(Filter filter, int status) throws Exception {
        FakeExchange exchange = FakeExchange.builder().clock(context.clock()).build();
        return filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.answering(Response.of(status)));
    }

    private boolean isRefused(Filter filter, String target) {
        try {
            send(filter, target);
            return false;
        } catch (Exception refused) {
            return true;
        }
    }

    private Response send(Filter filter, String target) throws Exception {
        return send(filter, target, 200);
    }

    private Response send(Filter filter, String target, int status) throws Exception {
        FakeExchange exchange = FakeExchange.builder()
                .clock(ofUpstream.clock())
                .attempt(new Attempt(1, "orders", URI.create(target)))
                .build();
        return filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.answering(Response.of(status)));
    }
}
