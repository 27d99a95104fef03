package dev.sallyport.plugins.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each way of counting does; that a store counts right is the store's contract. */
final class AlgorithmsTest {

    private final FakeContext context =
            FakeContext.builder().route("orders").step("rate-limit").build();
    private final FakeNext next = FakeNext.ok();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void aFixedWindowBeginsAnewAtItsMultiples() throws Exception {
        Filter filter = create(Limits.of("2/m").algorithm(Algorithm.FIXED_WINDOW));
        context.clock().set(Instant.parse("2026-01-01T00:00:50Z"));
        assertThat(statuses(filter, 3)).containsExactly(200, 200, 429);

        Response refused = filter.handle(Requests.get("/").build(), next);
        context.clock().set(Instant.parse("2026-01-01T00:01:00Z"));

        assertThat(refused.header("retry-after")).isEqualTo("10");
        assertThat(refused.header("ratelimit")).isEqualTo("\"rate-limit\";r=0;t=10");
        assertThat(statuses(filter, 3)).containsExactly(200, 200, 429);
    }

    @Test
    void aSlidingLogLetsPassWhenTheOldestHasLeft() throws Exception {
        Filter filter = create(Limits.of("2/m").algorithm(Algorithm.SLIDING_LOG));
        statuses(filter, 1);
        context.clock().advance(Duration.ofSeconds(40));

        assertThat(statuses(filter, 2)).containsExactly(200, 429);
        context.clock().advance(Duration.ofSeconds(20));
        assertThat(statuses(filter, 2)).containsExactly(200, 429);
    }

    @Test
    void aSlidingWindowWeighsTheOneBefore() throws Exception {
        Filter filter = create(Limits.of("4/m").algorithm(Algorithm.SLIDING_WINDOW));
        statuses(filter, 4);
        context.clock().advance(Duration.ofSeconds(90));

        assertThat(statuses(filter, 3)).containsExactly(200, 200, 429);
    }

    @Test
    void aRequestPassesWhereAllLimitsLetItAndElseCountsInNone() throws Exception {
        Filter filter = create(Limits.of("3/s").also("4/m"));
        assertThat(statuses(filter, 4)).containsExactly(200, 200, 200, 429);
        context.clock().advance(Duration.ofSeconds(1));

        assertThat(statuses(filter, 2)).containsExactly(200, 429);
        Response refused = filter.handle(Requests.get("/").build(), next);

        assertThat(refused.body().text(1_000))
                .contains("\"violated-policies\":[\"rate-limit-2\"]")
                .contains("No more than 4/m are allowed.");
        assertThat(refused.header("ratelimit")).isEqualTo("\"rate-limit\";r=2;t=1, \"rate-limit-2\";r=0;t=14");
    }

    @Test
    void quotasGoByTheCalendarOfTheirTimeZone() throws Exception {
        context.clock().set(Instant.parse("2026-03-28T22:59:00Z")); // 23:59 in Berlin, before the day with 23 hours
        Filter filter = create(Limits.of("100/s").quota(2L, 3L, "Europe/Berlin"));
        assertThat(statuses(filter, 3)).containsExactly(200, 200, 429);

        context.clock().set(Instant.parse("2026-03-28T23:00:00Z"));
        assertThat(statuses(filter, 2)).containsExactly(200, 429);
        Response refused = filter.handle(Requests.get("/").build(), next);

        // The month ends on April 1 at 22:00Z of March 31, since clocks are put forward meanwhile.
        long rest = Duration.between(context.clock().instant(), Instant.parse("2026-03-31T22:00:00Z"))
                .toSeconds();
        assertThat(refused.header("retry-after")).isEqualTo(Long.toString(rest));
        context.clock().set(Instant.parse("2026-03-31T22:00:00Z"));
        assertThat(statuses(filter, 3)).containsExactly(200, 200, 429);
    }

    @Test
    void aRequestMayCountMore() throws Exception {
        Filter filter = create(Limits.of("5/m").cost(2));

        assertThat(statuses(filter, 3)).containsExactly(200, 200, 429);
    }

    @Test
    void whatTheResponseSaysIsChargedAfterwards() throws Exception {
        Filter filter = create(Limits.of("10/s").costHeader("x-cost"));
        FakeNext costly = FakeNext.answering(Response.of(200).withHeaders(Headers.of("x-cost", "14")));

        Response response = filter.handle(Requests.get("/").build(), costly);

        assertThat(response.header("ratelimit")).isEqualTo("\"rate-limit\";r=0;t=1");
        assertThat(statuses(filter, 1)).containsExactly(429);
        context.clock().advance(Duration.ofMillis(400)); // pays what is owed
        assertThat(statuses(filter, 1)).containsExactly(429);
        context.clock().advance(Duration.ofMillis(100));
        assertThat(statuses(filter, 1)).containsExactly(200);
    }

    @Test
    void aResponseThatSaysNonsenseCountsAsOneThatSaysNothing() throws Exception {
        Filter filter = create(Limits.of("10/s").costHeader("x-cost"));
        for (String cost : List.of("many", "-5", "0", "1")) {
            filter.handle(
                    Requests.get("/").build(),
                    FakeNext.answering(Response.of(200).withHeaders(Headers.of("x-cost", cost))));
        }

        Response response = filter.handle(Requests.get("/").build(), next);

        assertThat(response.header("ratelimit")).startsWith("\"rate-limit\";r=5;");
    }

    @Test
    void tiersHaveLimitsOfTheirOwn() throws Exception {
        Filter filter =
                create(Limits.of("1/m").by("consumer").tier("gold", "3/m").tier("mobile", "2/m"));

        assertThat(statuses(filter, 2, consumer("web", Map.of()))).containsExactly(200, 429);
        assertThat(statuses(filter, 4, consumer("app", Map.of("tier", "gold")))).containsExactly(200, 200, 200, 429);
        assertThat(statuses(filter, 4, consumer("app2", Map.of("tier", "gold"))))
                .containsExactly(200, 200, 200, 429);
        // A consumer's own name comes before its tier.
        assertThat(statuses(filter, 3, consumer("mobile", Map.of("tier", "gold"))))
                .containsExactly(200, 200, 429);
    }

    @Test
    void anotherTierIsAnotherCount() throws Exception {
        Filter filter = create(Limits.of("1/m").by("consumer").tier("gold", "2/m"));
        statuses(filter, 1, consumer("app", Map.of()));

        assertThat(statuses(filter, 3, consumer("app", Map.of("tier", "gold")))).containsExactly(200, 200, 429);
    }

    @Test
    void countsEachCombinationOfSeveralValues() throws Exception {
        Filter filter = create(Limits.of("1/m").by("client.address", "header.x-key"));

        assertThat(filter.handle(request("203.0.113.1", "a"), next).status()).isEqualTo(200);
        assertThat(filter.handle(request("203.0.113.1", "b"), next).status()).isEqualTo(200);
        assertThat(filter.handle(request("203.0.113.2", "a"), next).status()).isEqualTo(200);
        assertThat(filter.handle(request("203.0.113.1", "a"), next).status()).isEqualTo(429);
    }

    @Test
    void countsByClaims() throws Exception {
        Filter filter = create(Limits.of("1/m").by("claims.tenant"));

        assertThat(statuses(filter, 2, claims(Map.of("tenant", "a")))).containsExactly(200, 429);
        assertThat(statuses(filter, 2, claims(Map.of("tenant", 7L)))).containsExactly(200, 429);
        assertThat(statuses(filter, 2, claims(Map.of("tenant", List.of("b", "c")))))
                .containsExactly(200, 429);
        assertThat(statuses(filter, 2, claims(Map.of("tenant", Map.of())))).containsExactly(200, 429);
        assertThat(statuses(filter, 1, FakeExchange.create())).containsExactly(429); // has none, as an object is none
    }

    @Test
    void requestsWaitForTheirTurnOneBehindTheOther() throws Exception {
        List<Duration> waits = new ArrayList<>();
        Filter filter = RateLimitFactory.create(
                Limits.of("10/s").burst(1).delay("PT0.3S").build(), context, waits::add);

        assertThat(statuses(filter, 5)).containsExactly(200, 200, 200, 200, 429);
        assertThat(waits).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(300));
        filter.close();
    }

    @Test
    void aMonitoredStepLetsNobodyWait() throws Exception {
        try (FakeContext monitored = FakeContext.builder().monitored().build()) {
            Filter filter = new RateLimitFactory()
                    .create(Limits.of("1/m").delay("PT60S").burst(1).build(), monitored);
            filter.handle(Requests.get("/").build(), next);

            assertThat(filter.handle(Requests.get("/").build(), next).status()).isEqualTo(200); // a minute early
            filter.close();
        }
    }

    @Test
    void letsInSoManyAtTheSameTime() throws Exception {
        Filter filter = create(Limits.of("2/30s").algorithm(Algorithm.CONCURRENT));
        FakeExchange first = FakeExchange.create();
        filter.handle(Requests.get("/").exchange(first).build(), next);
        filter.handle(Requests.get("/").build(), next);

        Response refused = filter.handle(Requests.get("/").build(), next);
        first.complete(200);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(refused.body().text(1_000)).contains("No more than 2 at the same time are allowed.");
        assertThat(statuses(filter, 1)).containsExactly(200);
    }

    @Test
    void tellsTheOldFieldsWhereAsked() throws Exception {
        Filter filter = create(Limits.of("5/m").also("3/h").legacyFields());

        Response response = filter.handle(Requests.get("/").build(), next);

        assertThat(response.header("x-ratelimit-limit")).isEqualTo("3");
        assertThat(response.header("x-ratelimit-remaining")).isEqualTo("2");
        assertThat(response.header("x-ratelimit-reset")).isEqualTo("1200");
        assertThat(response.header("ratelimit-policy"))
                .isEqualTo("\"rate-limit\";q=5;w=60, \"rate-limit-2\";q=3;w=3600");
    }

    @Test
    void explainsTiersAndWhatCannotBeKnown() throws Exception {
        Filter tiered = create(Limits.of("1/m").by("consumer").tier("gold", "3/m"));
        Filter concurrent = create(Limits.of("2/30s").algorithm(Algorithm.CONCURRENT));
        FakeExchange gold = consumer("app", Map.of("tier", "gold"));

        assertThat(tiered.explain(Requests.get("/").exchange(gold).build()).text())
                .isEqualTo("takes one of the 3 that are left for consumer app, tier gold");
        assertThat(concurrent.explain(Requests.get("/").build()))
                .isEqualTo(new Explanation.Unknown("lets in 2 at the same time for all callers together"));
    }

    private Filter create(Limits limits) {
        return context.create(new RateLimitFactory(), limits.build());
    }

    private List<Integer> statuses(Filter filter, int times) throws Exception {
        return statuses(filter, times, FakeExchange.create());
    }

    private List<Integer> statuses(Filter filter, int times, FakeExchange exchange) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            statuses.add(filter.handle(Requests.get("/").exchange(exchange).build(), next)
                    .status());
        }
        return statuses;
    }

    private static Request request(String client, String key) {
        return Requests.get("/").client(client).header("x-key", key).build();
    }

    private static FakeExchange consumer(String name, Map<String, String> tags) {
        return FakeExchange.builder()
                .consumer(new Consumer(name, List.of(), tags))
                .build();
    }

    private static FakeExchange claims(Map<String, Object> claims) {
        FakeExchange exchange = FakeExchange.create();
        exchange.put(Attribute.of("jwt-claims", Map.class), claims);
        return exchange;
    }
}
