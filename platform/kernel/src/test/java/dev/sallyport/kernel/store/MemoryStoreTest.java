package dev.sallyport.kernel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.Store;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.Rate;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.StoreContract;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

final class MemoryStoreTest extends StoreContract {

    private static final Rate TEN_PER_SECOND = Rate.parse("10/s");

    private final ManualClock clock = new ManualClock();
    private final MemoryStore store = open(clock);

    @Override
    protected MemoryStore open(ManualClock time) {
        return open(time, MemoryStore.MAXIMUM_KEYS);
    }

    private static MemoryStore open(ManualClock time, long maximumKeys) {
        return new MemoryStore(() -> ChronoUnit.NANOS.between(ManualClock.START, time.instant()), maximumKeys);
    }

    @Test
    void forgetsABucketThatIsFullAgain() {
        store.take("a", TEN_PER_SECOND, 10, 10);

        clock.advance(Duration.ofMillis(999));
        store.take("b", TEN_PER_SECOND, 10, 10);
        long early = store.keys();
        clock.advance(Duration.ofSeconds(10));

        assertThat(early).isEqualTo(2);
        assertThat(store.keys()).isZero();
    }

    @Test
    void keepsABucketForAsLongAsItFills() {
        Rate perDay = Rate.parse("10/d");
        store.take("a", perDay, 10, 10);

        clock.advance(Duration.ofHours(23));

        assertThat(store.keys()).isEqualTo(1);
        assertThat(store.take("a", perDay, 10, 10).left()).isEqualTo(9);
    }

    @Test
    void keepsThoseWhoKeepKnockingAmongManySeenOnce() {
        MemoryStore small = open(clock, 100);
        Rate perHour = Rate.parse("5/h");
        for (int i = 0; i < 5; i++) {
            small.take("knocker", perHour, 5, 1);
        }

        boolean again = false;
        for (int i = 0; i < 10_000; i++) {
            small.take("once-" + i, perHour, 5, 1);
            again |= i % 10 == 0 && small.take("knocker", perHour, 5, 1).taken();
        }

        assertThat(again).isFalse();
        assertThat(small.keys()).isLessThanOrEqualTo(100);
    }

    @Test
    void survivesTheLargestNumbers() {
        Rate fastest = Rate.parse("999999999999999/1ms");
        Rate slowest = Rate.parse("1/999999999d");

        assertThat(store.take("fast", fastest, Long.MAX_VALUE, Long.MAX_VALUE).taken())
                .isTrue();
        assertThat(store.take("fast", fastest, Long.MAX_VALUE, 1).retryAfterNanos())
                .isEqualTo(1);
        assertThat(store.take("slow", slowest, Long.MAX_VALUE, Long.MAX_VALUE))
                .isEqualTo(new Take(true, 0, 0, Long.MAX_VALUE));
        clock.advance(Duration.ofDays(365 * 100));
        assertThat(store.take("slow", slowest, Long.MAX_VALUE, 1).taken()).isFalse();
        assertThat(store.take("fast", fastest, Long.MAX_VALUE, Long.MAX_VALUE).taken())
                .isTrue();
    }

    @Test
    void worksByTheMachinesTime() {
        Store real = new MemoryStore(System::nanoTime, 10);

        assertThat(real.take("a", Rate.parse("1/d"), 1, 1).taken()).isTrue();
        assertThat(real.take("a", Rate.parse("1/d"), 1, 1).taken()).isFalse();
    }

    @Test
    void refusesToKeepNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MemoryStore(System::nanoTime, 0));
    }
}
