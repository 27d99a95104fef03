package dev.sallyport.plugins.bulkhead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Expression;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BulkheadFilterTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void refusesMoreThanMayBeUnderWay() throws Exception {
        Filter filter = create(new BulkheadConfig(2, null, Duration.ZERO, null));
        send(filter, FakeExchange.create());
        send(filter, FakeExchange.create());
        FakeExchange third = FakeExchange.create();

        Response refused = send(filter, third);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(refused.body().text(1_000)).contains("urn:sallyport:problem:bulkhead-full");
        assertThat(third.notes()).containsEntry("bulkhead", "full");
        assertThat(context.metrics())
                .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.bulkhead.refused")
                        .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(point -> point.hasValue(1))))
                .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.bulkhead.requests")
                        .hasLongGaugeSatisfying(gauge -> gauge.hasPointsSatisfying(point -> point.hasValue(2))));
    }

    @Test
    void aMonitoredStepLetsNobodyWait() throws Exception {
        try (FakeContext monitored = FakeContext.builder().monitored().build()) {
            Filter filter = monitored.create(new BulkheadFactory(), new BulkheadConfig(1, null, LONG, null));
            send(filter, FakeExchange.create());

            assertThat(send(filter, FakeExchange.create()).status()).isEqualTo(503); // a minute early
        }
    }

    @Test
    void hasThePlaceBackOnlyWhenTheExchangeIsOver() throws Exception {
        Filter filter = create(new BulkheadConfig(1, null, Duration.ZERO, null));
        FakeExchange first = FakeExchange.create();
        send(filter, first);

        int meanwhile = send(filter, FakeExchange.create()).status();
        first.complete(200);
        int after = send(filter, FakeExchange.create()).status();

        assertThat(meanwhile).isEqualTo(503);
        assertThat(after).isEqualTo(200);
    }

    @Test
    void anExchangeThatIsTriedAgainHasItsPlaceAlready() throws Exception {
        Filter filter = create(new BulkheadConfig(1, null, Duration.ZERO, null));
        FakeExchange exchange = FakeExchange.create();
        send(filter, exchange);

        int again = send(filter, exchange).status();
        exchange.complete(200);

        assertThat(again).isEqualTo(200);
        assertThat(filter.state()).isEqualTo(Map.of("underWay", 0L));
    }

    @Test
    void givesThePlaceBackAfterAFailure() {
        Filter filter = create(new BulkheadConfig(1, null, Duration.ZERO, null));
        FakeExchange exchange = FakeExchange.create();

        assertThatThrownBy(() -> filter.handle(
                        Requests.get("/").exchange(exchange).build(), FakeNext.failing(new IllegalStateException())))
                .isInstanceOf(IllegalStateException.class);
        exchange.complete(500);

        assertThat(filter.state()).isEqualTo(Map.of("underWay", 0L));
    }

    @Test
    void waitsForAPlace() throws Exception {
        Filter filter = create(new BulkheadConfig(1, null, LONG, null));
        FakeExchange first = FakeExchange.create();
        send(filter, first);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> waiting = threads.submit(() -> send(filter, FakeExchange.create()));
            awaitUsers(filter, 2);

            first.complete(200);

            assertThat(waiting.get().status()).isEqualTo(200);
        }
    }

    @Test
    void letsOnlySoManyWait() throws Exception {
        Filter filter = create(new BulkheadConfig(1, null, LONG, 1));
        FakeExchange first = FakeExchange.create();
        send(filter, first);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> waiting = threads.submit(() -> send(filter, FakeExchange.create()));
            awaitUsers(filter, 2);

            int third = send(filter, FakeExchange.create()).status();
            first.complete(200);

            assertThat(third).isEqualTo(503);
            assertThat(waiting.get().status()).isEqualTo(200);
        }
    }

    @Test
    void waitsNoLongerThanIsSaid() throws Exception {
        Filter filter = create(new BulkheadConfig(1, null, Duration.ofMillis(20), null));
        send(filter, FakeExchange.create());

        assertThat(send(filter, FakeExchange.create()).status()).isEqualTo(503);
        awaitUsers(filter, 1);
    }

    @Test
    void stopsWaitingAtTheDeadline() throws Exception {
        Filter filter = create(new BulkheadConfig(1, null, LONG, null));
        send(filter, FakeExchange.create());
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> send(filter, FakeExchange.create()));

        awaitUsers(filter, 1);
    }

    private static void awaitUsers(Filter filter, int users) {
        await().until(() -> filter.explain(Requests.get("/").build()).text().startsWith(users + " of "));
    }

    @Test
    void countsEachValueByItselfAndForgetsThoseThatNobodyIsIn() throws Exception {
        Filter filter = create(new BulkheadConfig(1, Expression.parse("header.x-key"), Duration.ZERO, null));
        FakeExchange a = FakeExchange.create();
        FakeExchange b = FakeExchange.create();

        int ofA = filter.handle(keyed(a, "a"), FakeNext.ok()).status();
        int ofB = filter.handle(keyed(b, "b"), FakeNext.ok()).status();
        int anotherOfA =
                filter.handle(keyed(FakeExchange.create(), "a"), FakeNext.ok()).status();
        Map<String, ?> during = filter.state();
        a.complete(200);
        b.complete(200);

        assertThat(List.of(ofA, ofB, anotherOfA)).containsExactly(200, 200, 503);
        assertThat(during).isEqualTo(Map.of("underWay", 2L, "keys", 2));
        assertThat(filter.state()).isEqualTo(Map.of("underWay", 0L, "keys", 0));
    }

    private static Request keyed(FakeExchange exchange, String key) {
        return Requests.get("/").header("x-key", key).exchange(exchange).build();
    }

    @Test
    void neverLetsMoreBeUnderWayHoweverManyCome() throws Exception {
        Filter filter = create(new BulkheadConfig(5, null, LONG, 1_000));
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<Integer>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                all.add(threads.submit(() -> {
                    FakeExchange exchange = FakeExchange.create();
                    int status = filter.handle(
                                    Requests.get("/").exchange(exchange).build(), request -> {
                                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                        Thread.yield();
                                        now.decrementAndGet();
                                        return Response.of(200);
                                    })
                            .status();
                    exchange.complete(status);
                    return status;
                }));
            }
        }

        for (Future<Integer> one : all) {
            assertThat(one.get()).isEqualTo(200);
        }
        assertThat(most.get()).isBetween(1, 5);
        assertThat(filter.state()).isEqualTo(Map.of("underWay", 0L));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"0s,-,5", "1s,-,10", "1s,2,7"})
    void knowsHowManyMayBeUnderWayOrWait(String wait, Integer waiting, int most) {
        Duration time = wait.equals("0s") ? Duration.ZERO : Duration.ofSeconds(1);

        assertThat(new BulkheadConfig(5, null, time, waiting).most()).isEqualTo(most);
    }

    @Test
    void refusesToStandUnderAnUpstream() {
        try (FakeContext other = FakeContext.builder().route("upstream:orders").build()) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() ->
                            other.create(new BulkheadFactory(), new BulkheadConfig(1, null, Duration.ZERO, null)));
        }
    }

    private Filter create(BulkheadConfig config) {
        return context.create(new BulkheadFactory(), config);
    }

    private static Response send(Filter filter, FakeExchange exchange) throws Exception {
        return filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());
    }
}
