package dev.sallyport.kernel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.Rate;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.StoreContract;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
        take("a", TEN_PER_SECOND, 10, 10);

        clock.advance(Duration.ofMillis(999));
        take("b", TEN_PER_SECOND, 10, 10);
        long early = store.keys();
        clock.advance(Duration.ofSeconds(10));

        assertThat(early).isEqualTo(2);
        assertThat(store.keys()).isZero();
    }

    @Test
    void keepsABucketForAsLongAsItFills() {
        Rate perDay = Rate.parse("10/d");
        take("a", perDay, 10, 10);

        clock.advance(Duration.ofHours(23));

        assertThat(store.keys()).isEqualTo(1);
        assertThat(take("a", perDay, 10, 10).left()).isEqualTo(9);
    }

    @Test
    void keepsThoseWhoKeepKnockingAmongManySeenOnce() {
        MemoryStore small = open(clock, 100);
        Rate perHour = Rate.parse("5/h");
        for (int i = 0; i < 5; i++) {
            take(small, "knocker", perHour, 5, 1);
        }

        boolean again = false;
        for (int i = 0; i < 10_000; i++) {
            take(small, "once-" + i, perHour, 5, 1);
            again |= i % 10 == 0 && take(small, "knocker", perHour, 5, 1).enough();
        }

        assertThat(again).isFalse();
        assertThat(small.keys()).isLessThanOrEqualTo(100);
    }

    @Test
    void survivesTheLargestNumbers() {
        Rate fastest = Rate.parse("999999999999999/1ms");
        Rate slowest = Rate.parse("1/999999999d");

        assertThat(take("fast", fastest, Long.MAX_VALUE, Long.MAX_VALUE).enough())
                .isTrue();
        assertThat(take("fast", fastest, Long.MAX_VALUE, 1).retryAfterNanos()).isEqualTo(1);
        assertThat(take("slow", slowest, Long.MAX_VALUE, Long.MAX_VALUE))
                .isEqualTo(new Take(true, 0, 0, Long.MAX_VALUE));
        clock.advance(Duration.ofDays(365 * 100));
        assertThat(take("slow", slowest, Long.MAX_VALUE, 1).enough()).isFalse();
        assertThat(take("fast", fastest, Long.MAX_VALUE, Long.MAX_VALUE).enough())
                .isTrue();
    }

    @Test
    void worksByTheMachinesTime() {
        Store real = new MemoryStore(System::nanoTime, 10);

        assertThat(take(real, "a", Rate.parse("1/d"), 1, 1).enough()).isTrue();
        assertThat(take(real, "a", Rate.parse("1/d"), 1, 1).enough()).isFalse();
    }

    @Test
    void isExactForLargeNumbersToTheNanosecond() {
        Rate rate = Rate.parse("999999999999999/d");
        long burst = 999_999_999_999_999L;
        take("a", rate, burst, burst);

        clock.advance(Duration.ofDays(1).minusNanos(1));
        Take early = take("a", rate, burst, burst);
        clock.advance(Duration.ofNanos(1));
        Take due = take("a", rate, burst, burst);

        assertThat(early.enough()).isFalse();
        assertThat(early.retryAfterNanos()).isEqualTo(1);
        assertThat(due).isEqualTo(new Take(true, 0, 0, Duration.ofDays(1).toNanos()));
    }

    @Test
    void countsALogForAsManyKeysAsItTakesMemoryOf() {
        MemoryStore small = open(clock, 100);
        List<Limit> log = List.of(new Limit.Log(100_000, Duration.ofHours(1)));
        for (int key = 0; key < 50; key++) {
            for (int i = 0; i < 160; i++) {
                small.take("log-" + key, log, 1);
            }
        }

        assertThat(small.keys()).isLessThan(10);
    }

    @Test
    void keepsNoMoreValuesAndRoomsThanItMay() {
        MemoryStore small = open(clock, 100);
        for (int i = 0; i < 10_000; i++) {
            small.put("value-" + i, "text", Duration.ofHours(1));
            small.enter("room-" + i, "me", 1, Duration.ofHours(1));
        }

        assertThat(small.values()).isLessThanOrEqualTo(100);
        assertThat(small.rooms()).isLessThanOrEqualTo(100);
    }

    @Test
    void keepsNoMoreBytesThanItMayAndThoseThatAreAskedForOften() {
        MemoryStore small = new MemoryStore(System::nanoTime, 100, 1_000_000);
        small.putBytes("wanted", new byte[10_000], Duration.ofHours(1));
        for (int i = 0; i < 1_000; i++) {
            small.putBytes("once-" + i, new byte[10_000], Duration.ofHours(1));
            assertThat(small.getBytes("wanted")).isNotNull();
        }

        assertThat(small.bytes()).isLessThanOrEqualTo(1_000_000);
    }

    @Test
    void forgetsRoomsWhoseHoldersHaveAllLeft() {
        store.enter("left", "me", 1, Duration.ofHours(1));
        store.enter("over", "me", 1, Duration.ofMinutes(1));
        store.enter("stays", "me", 1, Duration.ofMinutes(1));
        store.enter("stays", "me", 1, Duration.ofHours(1));

        store.leave("left", "me");
        clock.advance(Duration.ofMinutes(2));

        assertThat(store.rooms()).isEqualTo(1);
    }

    @Test
    void keepsAMillionKeysInTheMemoryThatItsPageStates() {
        int keys = Boolean.getBoolean("sallyport.proof") ? 1_000_000 : 100_000;
        MemoryStore store = new MemoryStore(System::nanoTime, MemoryStore.MAXIMUM_KEYS);
        Limit limit = new Limit.Bucket(Rate.parse("5/h"), 5);
        long before = used();

        for (int i = 0; i < keys; i++) {
            store.take("rate-limit/orders/rate-limit\n=203.0." + i, List.of(limit), 1);
        }

        assertThat(store.keys()).isEqualTo(keys);
        assertThat((used() - before) / keys).as("bytes a key").isLessThan(320);
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private Take take(String key, Rate rate, long burst, long tokens) {
        return take(store, key, rate, burst, tokens);
    }

    private static Take take(Store store, String key, Rate rate, long burst, long tokens) {
        return store.take(key, List.of(new Limit.Bucket(rate, burst)), tokens).getFirst();
    }

    @Test
    void refusesToKeepNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MemoryStore(System::nanoTime, 0));
    }
}
