package dev.sallyport.plugins.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Limit;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Rate;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that gateways share: leases of it, and what is done without it. */
final class SharedStoreTest {

    private final ManualClock clock = new ManualClock();
    private final FakeContext owner = FakeContext.builder().clock(clock).build();
    private final LentStore shared = new LentStore(owner.store("memory"));
    private final FakeContext context = FakeContext.builder()
            .clock(clock)
            .route("orders")
            .step("rate-limit")
            .store("shared", shared)
            .build();

    @AfterEach
    void closeContexts() {
        context.close();
        owner.close();
    }

    @Test
    void countsInThisGatewayWhileTheStoreIsAway() throws Exception {
        Filter filter = create(Limits.of("10/m").localShare(20));
        statuses(filter, 3);

        shared.away = true;
        FakeExchange exchange = FakeExchange.create();
        filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok());

        assertThat(exchange.notes()).containsEntry("store", "away").containsEntry("left", 1L);
        assertThat(statuses(filter, 2)).containsExactly(200, 429);
        assertThat(context.metrics()).anyMatch(metric -> metric.getName().equals("sallyport.rate_limit.degraded"));
        shared.away = false;
        assertThat(statuses(filter, 8)).containsExactly(200, 200, 200, 200, 200, 200, 200, 429);
    }

    @Test
    void letsAllPassOrRefusesAllWhereAsked() throws Exception {
        Filter passes = create(Limits.of("1/m").whenAway(WhenAway.PASS));
        Filter refuses = create(Limits.of("1/m").whenAway(WhenAway.REFUSE));
        Filter crowd = create(Limits.of("1/m").whenAway(WhenAway.PASS).algorithm(Algorithm.CONCURRENT));
        Filter noCrowd = create(Limits.of("1/m").whenAway(WhenAway.REFUSE).algorithm(Algorithm.CONCURRENT));
        shared.away = true;

        assertThat(statuses(passes, 3)).containsExactly(200, 200, 200);
        assertThat(statuses(refuses, 2)).containsExactly(503, 503);
        assertThat(statuses(crowd, 3)).containsExactly(200, 200, 200);
        assertThat(statuses(noCrowd, 1)).containsExactly(503);
        Response refused = refuses.handle(Requests.get("/").build(), FakeNext.ok());
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(refused.problem()).extracting(Problem::code).isEqualTo("rate-limit-unavailable");
    }

    @Test
    void saysThatItCannotKnowWhatItWouldDo() throws Exception {
        Filter filter = create(Limits.of("1/m"));
        shared.away = true;

        assertThat(filter.explain(Requests.get("/").build()))
                .isEqualTo(new Explanation.Unknown("Redis is away; what it does then: local"));
    }

    @Test
    void whatRunsAtTheSameTimeIsCountedHereWhileTheStoreIsAway() throws Exception {
        Filter filter =
                create(Limits.of("4/30s").algorithm(Algorithm.CONCURRENT).localShare(50));
        shared.away = true;

        assertThat(statuses(filter, 3)).containsExactly(200, 200, 429);
    }

    @Test
    void aLeasedLimitAsksTheStoreOncePerShare() throws Exception {
        Filter filter = create(Limits.of("1000/h").lease(10));

        assertThat(statuses(filter, 1_000)).containsOnly(200);
        assertThat(shared.calls).isEqualTo(10);
        assertThat(statuses(filter, 50)).containsOnly(429);
        assertThat(shared.calls).as("it said when there is more").isLessThanOrEqualTo(12);
    }

    /** Of a bucket that does not fill, several gateways give out exactly what it held, less what is given up unused. */
    @Test
    void leasesNeverGiveOutMoreThanTheLimitAndLeaveNoMoreThanAShareEach() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            AtomicLong time = new AtomicLong();
            String key = "bucket " + seed;
            List<Limit> limits = List.of(new Limit.Bucket(Rate.parse("1/36500d"), 500));
            List<LeasedCounter> gateways = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                gateways.add(new LeasedCounter(shared, new Percent(5), time::get));
            }
            long granted = 0;
            for (int i = 0; i < 2_000; i++) {
                time.addAndGet(random.nextInt(500_000));
                LeasedCounter gateway = gateways.get(random.nextInt(3));
                granted += gateway.take(key, limits, 500, 1).getFirst().enough() ? 1 : 0;
            }

            assertThat(granted).as("seed %s", seed).isBetween(500L - 3 * 25, 500L);
        }
    }

    @Test
    void aShareThatIsNotUsedIsGivenUpAndForgotten() {
        AtomicLong time = new AtomicLong();
        LeasedCounter leased = new LeasedCounter(shared, new Percent(10), time::get);
        List<Limit> limits = List.of(new Limit.Bucket(Rate.parse("1/d"), 100));
        leased.take("a", limits, 100, 1);

        leased.tidy();
        assertThat(leased.size()).isEqualTo(1);
        time.set(1_000_000_000);
        leased.tidy();

        assertThat(leased.size()).isZero();
        assertThat(shared.take("a", limits, 0).getFirst().left()).isEqualTo(90);
    }

    private Filter create(Limits limits) {
        return context.create(new RateLimitFactory(), limits.store("shared").build());
    }

    private static List<Integer> statuses(Filter filter, int times) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            statuses.add(filter.handle(Requests.get("/").build(), FakeNext.ok()).status());
        }
        return statuses;
    }
}
