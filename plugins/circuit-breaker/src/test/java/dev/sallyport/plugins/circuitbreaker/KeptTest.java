package dev.sallyport.plugins.circuitbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An instance of the step that takes the place of another one: after an upgrade, or a change of the settings. */
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
        fail(create(Configs.usual()), 4);
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
                        "INFO " + KEY + ": circuit half-open, was open",
                        "INFO " + KEY + ": circuit closed, was half-open");
    }

    @Test
    void triesWhereTheOtherTried() throws Exception {
        Filter before = create(Configs.usual());
        fail(before, 4);
        context.clock().advance(Duration.ofSeconds(31));
        send(before, 200);

        Filter after = create(Configs.usual());
        int tried = send(after, 500).status();
        send(after, 500);

        assertThat(tried).isEqualTo(500);
        assertThat(after.state().get("state")).isEqualTo("open");
    }

    @Test
    void isClosedWhereTheOtherClosed() throws Exception {
        Filter before = create(Configs.usual());
        fail(before, 4);
        context.clock().advance(Duration.ofSeconds(31));
        send(before, 200);
        send(before, 200);

        assertThat(create(Configs.usual()).state().get("state")).isEqualTo("closed");
    }

    @Test
    void staysForcedUntilToldOtherwise() throws Exception {
        Filter before = create(Configs.usual());
        tell(before, "open", null);
        context.clock().advance(Duration.ofDays(30));

        Filter after = create(Configs.usual());
        int forced = send(after, 200).status();
        tell(after, "auto", null);
        int auto = send(create(Configs.usual()), 200).status();

        assertThat(forced).isEqualTo(503);
        assertThat(auto).isEqualTo(200);
    }

    @Test
    void keepsEachTargetByItself() throws Exception {
        Filter before = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        send(before, ONE);
        send(before, TWO);
        tell(before, "close", null);
        tell(before, "open", TWO);
        tell(before, "auto", ONE);

        Filter after = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        send(after, ONE);
        send(after, "http://127.0.0.1:9003");

        assertThat(after.state().toString())
                .contains(ONE + "={state=closed", "http://127.0.0.1:9003={state=forced-closed");
        assertThat(Stream.of(TWO).filter(target -> isRefused(after, target))).containsExactly(TWO);
    }

    @Test
    void whatIsSaidOfAllHoldsForThoseThatHaveNotBeenCalledSince() throws Exception {
        Filter before = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        send(before, ONE);
        tell(before, "close", ONE);
        ofUpstream.clock().advance(Duration.ofSeconds(1));

        Filter after = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        tell(after, "open", null);
        boolean refused = isRefused(after, ONE);
        Filter last = ofUpstream.create(new CircuitBreakerFactory(), Configs.usual());
        ofUpstream.clock().advance(Duration.ofSeconds(1));
        tell(last, "auto", null);

        assertThat(refused).isTrue();
        assertThat(isRefused(last, ONE)).isFalse();
        assertThat(last.state().toString()).contains(ONE + "={state=closed");
    }

    /** Wherever the change falls: before the first call, between calls, with calls under way. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void losesNoCount(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        CircuitBreakerConfig config = Configs.window("1000", 1000);
        Filter serving = create(config);
        for (int call = 0; call < 999; call++) {
            context.clock().advance(Duration.ofMillis(random.nextInt(300)));
            if (random.nextInt(50) == 0) {
                Filter next = create(config); // compiled while the other one serves on
                send(serving, 500);
                call++;
                if (random.nextInt(3) > 0) { // else it was not taken: another step of its compile failed
                    Filter before = serving;
                    serving = next;
                    if (random.nextBoolean() && call < 990) {
                        send(serving, 500);
                        send(before, 500); // was under way
                        call += 2;
                    }
                    before.close();
                } else {
                    next.close();
                }
            }
            if (call < 999) {
                send(serving, 500);
            }
        }
        context.clock().advance(Duration.ofSeconds(2));

        assertThat(serving.state().get("state")).isEqualTo("closed");
        send(serving, 500);
        assertThat(serving.state().get("state")).isEqualTo("open");
    }

    @Test
    void anInstanceThatNeverServesTakesNothing() throws Exception {
        Filter serving = create(Configs.window("4", 4));
        send(serving, 500);
        create(Configs.window("4", 4)).close();
        context.clock().advance(Duration.ofSeconds(2));
        send(serving, 500);
        send(serving, 500);
        serving.close();

        Filter after = create(Configs.window("4", 4));

        assertThat(after.state().get("failed")).isEqualTo(3);
    }

    @Test
    void callsOfAWindowOfTimeAreForgottenWithIt() throws Exception {
        Filter before = create(Configs.window("10s", 4));
        fail(before, 3);
        before.close();
        context.clock().advance(Duration.ofSeconds(11));

        assertThat(create(Configs.window("10s", 4)).state().get("failed")).isEqualTo(0);
    }

    @Test
    void slowCallsStaySlow() throws Exception {
        Filter before = create(Configs.slowAfter(Duration.ofMillis(10)));
        FakeExchange exchange = FakeExchange.builder().clock(context.clock()).build();
        before.handle(Requests.get("/").exchange(exchange).build(), request -> {
            context.clock().advance(Duration.ofMillis(20));
            return Response.of(200);
        });
        before.close();

        assertThat(create(Configs.slowAfter(Duration.ofMillis(10))).state().toString())
                .contains("calls=1, failed=0, slow=1");
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

    private void fail(Filter filter, int times) throws Exception {
        for (int i = 0; i < times; i++) {
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
        } catch (TargetUnavailableException refused) {
            return true;
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }

    private void send(Filter filter, String target) throws Exception {
        FakeExchange exchange = FakeExchange.builder()
                .clock(ofUpstream.clock())
                .attempt(new Attempt(1, "orders", URI.create(target)))
                .build();
        filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());
    }
}
