package dev.sallyport.plugins.circuitbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Command;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.Requests;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CommandsTest {

    private static final String ONE = "http://127.0.0.1:9001";
    private static final String TWO = "http://127.0.0.1:9002";

    private final FakeContext context = FakeContext.builder()
            .route("orders")
            .key("circuit-breaker/orders/cb")
            .build();
    private final FakeContext ofUpstream = FakeContext.builder()
            .route("upstream:orders")
            .key("circuit-breaker/upstream:orders/cb")
            .build();

    @AfterEach
    void closeContexts() {
        context.close();
        ofUpstream.close();
    }

    @Test
    void forcesTheCircuitOpenUntilToldOtherwise() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());

        String told = tell(filter, "open", null);
        context.clock().advance(Duration.ofHours(1));
        Response refused = send(filter, 200);
        Explanation explained = filter.explain(Requests.get("/").build());
        tell(filter, "auto", null);
        Response passed = send(filter, 200);

        assertThat(told).isEqualTo("each circuit is forced open");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isEqualTo("30");
        assertThat(explained).isEqualTo(new Explanation.Answers(503, "the circuit is forced open"));
        assertThat(passed.status()).isEqualTo(200);
        assertThat(context.log())
                .containsExactly(
                        "WARNING circuit-breaker/orders/cb: circuit forced-open, was closed",
                        "INFO circuit-breaker/orders/cb: circuit closed, was forced-open");
    }

    @Test
    void forcesTheCircuitClosedAndCountsOn() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());
        fail(filter);
        send(filter, 500);
        int open = send(filter, 200).status();

        tell(filter, "close", null);
        fail(filter);
        int closed = send(filter, 200).status();

        assertThat(open).isEqualTo(503);
        assertThat(closed).isEqualTo(200);
        assertThat(filter.state().get("state")).isEqualTo("forced-closed");
        assertThat(filter.state().get("failed")).isEqualTo(3);
    }

    @Test
    void showsHowItStands() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());
        send(filter, 500);
        Map<String, ?> closed = filter.state();
        fail(filter);
        Map<String, ?> open = filter.state();

        assertThat(closed.toString())
                .isEqualTo("{state=closed, since=" + ManualClock.START + ", calls=1, failed=1, slow=0, refused=0}");
        assertThat(open.get("state")).isEqualTo("open");
        assertThat(open.get("until")).isEqualTo(ManualClock.START.plusSeconds(30));
    }

    @Test
    void forcesTheCircuitOfOneTarget() throws Exception {
        Filter filter = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        send(filter, ONE);
        send(filter, TWO);

        String told = tell(filter, "open", ONE);

        assertThat(told).isEqualTo("the circuit of " + ONE + " is forced open");
        assertThatExceptionOfType(TargetUnavailableException.class).isThrownBy(() -> send(filter, ONE));
        assertThat(send(filter, TWO).status()).isEqualTo(200);
        assertThat(filter.state().toString())
                .startsWith("{circuits={" + ONE + "={state=forced-open")
                .contains(TWO + "={state=closed");
    }

    @Test
    void forcesTheCircuitsOfTargetsThatAreToCome() throws Exception {
        Filter filter = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());

        tell(filter, "open", null);

        assertThatExceptionOfType(TargetUnavailableException.class).isThrownBy(() -> send(filter, ONE));
    }

    @Test
    void refusesATargetToWhichNoCallHasGone() throws Exception {
        Filter filter = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        send(filter, ONE);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tell(filter, "open", TWO))
                .withMessageContaining(TWO + " (expected: one of [" + ONE + "]");
    }

    @Test
    void tellsWhatItCanBeTold() {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());

        assertThat(filter.commands()).extracting(Command::name).isEqualTo(List.of("open", "close", "auto"));
    }

    private static String tell(Filter filter, String command, @Nullable String on) {
        return filter.commands().stream()
                .filter(each -> each.name().equals(command))
                .findFirst()
                .orElseThrow()
                .action()
                .run(on);
    }

    private void fail(Filter filter) throws Exception {
        for (int i = 0; i < 3; i++) {
            send(filter, 500);
        }
    }

    private Response send(Filter filter, int status) throws Exception {
        FakeExchange exchange = FakeExchange.builder().clock(context.clock()).build();
        return filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.answering(Response.of(status)));
    }

    private Response send(Filter filter, String target) throws Exception {
        FakeExchange exchange = FakeExchange.builder()
                .clock(ofUpstream.clock())
                .attempt(new Attempt(1, "orders", URI.create(target)))
                .build();
        return filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());
    }
}
