package dev.sallyport.plugins.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Limit;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Rate;
import dev.sallyport.kernel.store.MemoryStore;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a decision costs with the gateway's own store: for docs/proofs/rate-limits.md. */
@Tag("proof")
final class LocalDecisionCostTest {

    private static final int CALLERS = 10_000;
    private static final int DECISIONS = 5_000_000;
    private static final int ROUNDS = 5;

    private final MemoryStore store = new MemoryStore(System::nanoTime, MemoryStore.MAXIMUM_KEYS);

    @Test
    void costsUnderHalfAMicrosecond() throws Exception {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            requests.add(
                    Requests.get("/").client("203.0." + i / 250 + "." + i % 250).build());
        }
        BucketKey key = new BucketKey("rate-limit/orders/rate-limit", List.of(Expression.parse("client.address")));
        List<Limit> limits = List.of(new Limit.Bucket(Rate.parse("1000/s"), 1_000));
        Response ok = Response.of(200);
        Next next = request -> ok;
        try (FakeContext context = FakeContext.builder().store("memory", store).build()) {
            Filter filter = context.create(
                    new RateLimitFactory(),
                    Limits.of("1000/s").by("client.address").hideFields().build());

            double decision = 0;
            for (int round = 0; round < ROUNDS; round++) {
                decision = nanos(i -> store.take(key.of(requests.get(i % CALLERS), null), limits, 1));
                double handle = nanos(i -> filter.handle(requests.get(i % CALLERS), next));
                System.out.printf(
                        Locale.ROOT,
                        "round %d: %.0f ns a decision (key and take), %.0f ns for the whole step%n",
                        round,
                        decision,
                        handle);
            }

            assertThat(decision).as("nanoseconds a decision").isLessThan(500);
        }
    }

    private interface Work {
        Object run(int number) throws Exception;
    }

    private static double nanos(Work work) throws Exception {
        long start = System.nanoTime();
        Object last = null;
        for (int i = 0; i < DECISIONS; i++) {
            last = work.run(i);
        }
        assertThat(last).isNotNull();
        return (double) (System.nanoTime() - start) / DECISIONS;
    }
}
