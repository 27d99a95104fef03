package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.Store;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Store} keeps: inherited by the test of each one.
 *
 * <pre>{@code
 * final class MemoryStoreTest extends StoreContract {
 *     @Override
 *     protected Store open(ManualClock clock) {
 *         return new MemoryStore(clock…);
 *     }
 * }
 * }</pre>
 */
public abstract class StoreContract {

    private static final Rate TEN_PER_SECOND = Rate.parse("10/s");
    private static final int THREADS = 100;

    private final ManualClock clock = new ManualClock();
    private Store store;

    /** An empty store that takes the time from that clock. Called once for each test. */
    protected abstract Store open(ManualClock clock) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open(clock);
    }

    @Test
    void startsFullAndEmptiesTokenByToken() {
        assertThat(store.take("a", TEN_PER_SECOND, 3, 1).left()).isEqualTo(2);
        assertThat(store.take("a", TEN_PER_SECOND, 3, 1).left()).isEqualTo(1);
        Take last = store.take("a", TEN_PER_SECOND, 3, 1);

        assertThat(last).isEqualTo(new Take(true, 0, 0, nanos("PT0.3S")));
    }

    @Test
    void takesNothingWhereThereIsNotEnough() {
        store.take("a", TEN_PER_SECOND, 3, 2);

        Take refused = store.take("a", TEN_PER_SECOND, 3, 2);

        assertThat(refused).isEqualTo(new Take(false, 1, nanos("PT0.1S"), nanos("PT0.2S")));
        assertThat(store.take("a", TEN_PER_SECOND, 3, 1).taken()).isTrue();
    }

    @Test
    void fillsEvenlyToTheNanosecond() {
        store.take("a", TEN_PER_SECOND, 3, 3);

        clock.advance(Duration.ofNanos(99_999_999));
        Take early = store.take("a", TEN_PER_SECOND, 3, 1);
        clock.advance(Duration.ofNanos(1));
        Take due = store.take("a", TEN_PER_SECOND, 3, 1);

        assertThat(early).isEqualTo(new Take(false, 0, 1, nanos("PT0.200000001S")));
        assertThat(due).isEqualTo(new Take(true, 0, 0, nanos("PT0.3S")));
    }

    @Test
    void keepsFractionsOfATokenHoweverOftenItIsAsked() {
        Rate thirds = Rate.parse("3/s");
        store.take("a", thirds, 3, 3);

        for (int i = 0; i < 1_000; i++) {
            clock.advance(Duration.ofMillis(1));
            store.take("a", thirds, 3, 0);
        }

        assertThat(store.take("a", thirds, 3, 3)).isEqualTo(new Take(true, 0, 0, nanos("PT1S")));
    }

    @Test
    void saysWhenToComeAgainRoundedUp() {
        Rate thirds = Rate.parse("3/s");
        store.take("a", thirds, 3, 3);

        Take refused = store.take("a", thirds, 3, 1);
        clock.advance(Duration.ofNanos(refused.retryAfterNanos() - 1));
        Take early = store.take("a", thirds, 3, 1);
        clock.advance(Duration.ofNanos(1));
        Take due = store.take("a", thirds, 3, 1);

        assertThat(refused.retryAfterNanos()).isEqualTo(333_333_334);
        assertThat(early.taken()).isFalse();
        assertThat(due.taken()).isTrue();
    }

    @Test
    void neverHoldsMoreThanTheBurst() {
        store.take("a", TEN_PER_SECOND, 3, 3);

        clock.advance(Duration.ofDays(10_000));

        assertThat(store.take("a", TEN_PER_SECOND, 3, 4).taken()).isFalse();
        assertThat(store.take("a", TEN_PER_SECOND, 3, 3).taken()).isTrue();
        assertThat(store.take("a", TEN_PER_SECOND, 3, 1).taken()).isFalse();
    }

    @Test
    void onlyAsksWhereNoTokenIsTaken() {
        store.take("a", TEN_PER_SECOND, 3, 1);

        assertThat(store.take("a", TEN_PER_SECOND, 3, 0)).isEqualTo(new Take(true, 2, 0, nanos("PT0.1S")));
        assertThat(store.take("a", TEN_PER_SECOND, 3, 0)).isEqualTo(new Take(true, 2, 0, nanos("PT0.1S")));
        assertThat(store.take("unseen", TEN_PER_SECOND, 3, 0)).isEqualTo(new Take(true, 3, 0, 0));
    }

    @Test
    void keepsKeysApart() {
        store.take("a", TEN_PER_SECOND, 1, 1);

        assertThat(store.take("b", TEN_PER_SECOND, 1, 1).taken()).isTrue();
        assertThat(store.take("a", TEN_PER_SECOND, 1, 1).taken()).isFalse();
        assertThat(store.take("a ", TEN_PER_SECOND, 1, 1).taken()).isTrue();
        assertThat(store.take("", TEN_PER_SECOND, 1, 1).taken()).isTrue();
    }

    @Test
    void neverHasMoreThanTheBurstToGive() {
        Take refused = store.take("a", TEN_PER_SECOND, 3, 4);

        assertThat(refused).isEqualTo(new Take(false, 3, Long.MAX_VALUE, 0));
    }

    @Test
    void countsAnotherRateFromNowOn() {
        store.take("a", TEN_PER_SECOND, 10, 10);
        clock.advance(Duration.ofMillis(200));

        Take faster = store.take("a", Rate.parse("100/s"), 10, 0);
        clock.advance(Duration.ofMillis(50));

        assertThat(faster.left()).isEqualTo(2);
        assertThat(store.take("a", Rate.parse("100/s"), 10, 0).left()).isEqualTo(7);
    }

    @Test
    void holdsNoMoreThanASmallerBurstFromNowOn() {
        store.take("a", TEN_PER_SECOND, 10, 1);

        assertThat(store.take("a", TEN_PER_SECOND, 5, 1).left()).isEqualTo(4);
        assertThat(store.take("a", TEN_PER_SECOND, 10, 0).left()).isEqualTo(4);
    }

    @Test
    void givesNothingForTimeThatPassesTwice() {
        store.take("a", TEN_PER_SECOND, 10, 10);

        clock.advance(Duration.ofMinutes(-1));
        Take back = store.take("a", TEN_PER_SECOND, 10, 1);
        clock.advance(Duration.ofMinutes(1));
        Take again = store.take("a", TEN_PER_SECOND, 10, 1);

        assertThat(back.taken()).isFalse();
        assertThat(again.taken()).isFalse();
    }

    @Test
    void isExactForLargeNumbers() {
        Rate rate = Rate.parse("999999999999999/d");
        long burst = 999_999_999_999_999L;
        store.take("a", rate, burst, burst);

        clock.advance(Duration.ofDays(1).minusNanos(1));
        Take early = store.take("a", rate, burst, burst);
        clock.advance(Duration.ofNanos(1));
        Take due = store.take("a", rate, burst, burst);

        assertThat(early.taken()).isFalse();
        assertThat(early.retryAfterNanos()).isEqualTo(1);
        assertThat(due).isEqualTo(new Take(true, 0, 0, nanos("P1D")));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.take("a", TEN_PER_SECOND, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.take("a", TEN_PER_SECOND, 1, -1));
    }

    @Test
    void givesAwayNoTokenTwice() throws Exception {
        long burst = 1_000;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> counts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int thread = 0; thread < THREADS; thread++) {
                counts.add(threads.submit(() -> {
                    start.await();
                    int taken = 0;
                    for (int i = 0; i < 2 * burst / THREADS; i++) {
                        taken += store.take("a", TEN_PER_SECOND, burst, 1).taken() ? 1 : 0;
                    }
                    return taken;
                }));
            }
            start.countDown();
        }

        long taken = 0;
        for (Future<Integer> count : counts) {
            taken += count.get();
        }
        assertThat(taken).isEqualTo(burst);
    }

    private static long nanos(String duration) {
        return Duration.parse(duration).toNanos();
    }
}
