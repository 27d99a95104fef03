package dev.sallyport.plugins.circuitbreaker;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AttemptFilterTest {

    private static final String ONE = "http://127.0.0.1:9001";
    private static final String TWO = "http://127.0.0.1:9002";

    private final FakeContext context = FakeContext.builder()
            .route("upstream:orders")
            .key("circuit-breaker/orders/cb")
            .build();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void makesTheBalancerChooseAnotherTarget() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());
        fail(filter, ONE);
        context.clock().advance(Duration.ofSeconds(10));

        FakeExchange exchange = exchange(ONE);
        assertThatExceptionOfType(TargetUnavailableException.class)
                .isThrownBy(() -> send(filter, exchange, 200))
                .returns(Duration.ofSeconds(20), TargetUnavailableException::retryAfter);

        assertThat(exchange.notes()).containsEntry("circuit", "open");
        assertThat(send(filter, exchange(TWO), 200).status()).isEqualTo(200);
    }

    @Test
    void explainsTheStateOfTheTargetsCircuit() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());
        fail(filter, ONE);

        assertThat(explained(filter, ONE))
                .isEqualTo("the circuit is open for another 30000 ms; then another target is chosen");
        assertThat(explained(filter, TWO)).isEqualTo("the circuit is closed");
        assertThat(filter.explain(Requests.get("/").build()).text())
                .isEqualTo("the circuit of " + ONE + " is open for another 30000 ms");
    }

    private String explained(Filter filter, String target) throws Exception {
        return filter.explain(Requests.get("/").exchange(exchange(target)).build())
                .text();
    }

    @Test
    void saysNothingOfWhenWhileCallsTryTheTarget() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());
        fail(filter, ONE);
        context.clock().advance(Duration.ofSeconds(31));
        FakeNext next = FakeNext.answering(first -> filter.handle(
                Requests.get("/").exchange(exchange(ONE)).build(),
                second ->
                        filter.handle(Requests.get("/").exchange(exchange(ONE)).build(), FakeNext.ok())));

        assertThatExceptionOfType(TargetUnavailableException.class)
                .isThrownBy(() ->
                        filter.handle(Requests.get("/").exchange(exchange(ONE)).build(), next))
                .returns(Duration.ZERO, TargetUnavailableException::retryAfter);
    }

    @Test
    void namesTheTargetInTheLog() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());

        fail(filter, ONE);

        assertThat(context.log())
                .containsExactly("WARNING circuit-breaker/orders/cb, http://127.0.0.1:9001: circuit open, was closed");
    }

    @Test
    void countsAllTargetsTogetherWhereAsked() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.per(Per.UPSTREAM));
        fail(filter, ONE);

        assertThatExceptionOfType(TargetUnavailableException.class).isThrownBy(() -> send(filter, exchange(TWO), 200));
    }

    @Test
    void isNotMovedByAnotherStepThatRefusesTheTarget() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());
        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(TargetUnavailableException.class)
                    .isThrownBy(() -> filter.handle(
                            Requests.get("/").exchange(exchange(ONE)).build(),
                            FakeNext.failing(new TargetUnavailableException("no", Duration.ZERO))));
        }

        assertThat(send(filter, exchange(ONE), 200).status()).isEqualTo(200);
    }

    @Test
    void metricsHaveTheStateOfEachTarget() throws Exception {
        Filter filter = context.create(new CircuitBreakerFactory(), Configs.usual());
        fail(filter, ONE);
        send(filter, exchange(TWO), 200);

        assertThat(context.metrics())
                .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.circuit_breaker.state")
                        .hasLongGaugeSatisfying(gauge -> gauge.hasPointsSatisfying(
                                point -> point.hasValue(2).hasAttribute(stringKey("target"), ONE),
                                point -> point.hasValue(0).hasAttribute(stringKey("target"), TWO))));
    }

    @Test
    void forgetsTheTargetsUsedLongestAgo() {
        ManualClock clock = context.clock();
        Breakers breakers = new Breakers(Configs.usual(), context, (breaker, from, to, told) -> {});
        for (int i = 0; i < Breakers.MOST; i++) {
            breakers.of("target-" + i);
            clock.advance(Duration.ofMillis(1));
        }
        Breaker first = breakers.of("target-0");
        Breaker second = breakers.of("target-1");
        first.tryCall(FakeExchange.create());

        breakers.of("one-more");

        assertThat(breakers.size()).isEqualTo(Breakers.MOST);
        assertThat(breakers.of("target-0")).isSameAs(first);
        assertThat(breakers.of("target-1")).isNotSameAs(second);
    }

    private void fail(Filter filter, String target) throws Exception {
        for (int i = 0; i < 4; i++) {
            send(filter, exchange(target), 502);
        }
    }

    private Response send(Filter filter, FakeExchange exchange, int status) throws Exception {
        return filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.answering(Response.of(status)));
    }

    private FakeExchange exchange(String target) {
        return FakeExchange.builder()
                .clock(context.clock())
                .attempt(new Attempt(1, "orders", URI.create(target)))
                .build();
    }
}
