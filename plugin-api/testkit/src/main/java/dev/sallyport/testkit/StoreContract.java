package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.Store.Entry;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final int THREADS = 100;

    private final ManualClock clock = new ManualClock();
    private Store store;

    /** The smallest time that the store tells apart; a divisor of a millisecond. */
    protected Duration tick() {
        return Duration.ofNanos(1);
    }

    /** How many random timelines it is compared over. */
    protected int timelines() {
        return 500;
    }

    /** An empty store that takes the time from that clock. Called once for each test. */
    protected abstract Store open(ManualClock clock) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open(clock);
    }

    @Test
    void startsFullAndEmptiesTokenByToken() {
        assertThat(take("a", TEN_PER_SECOND, 3, 1).left()).isEqualTo(2);
        assertThat(take("a", TEN_PER_SECOND, 3, 1).left()).isEqualTo(1);
        Take last = take("a", TEN_PER_SECOND, 3, 1);

        assertThat(last).isEqualTo(new Take(true, 0, 0, nanos("PT0.3S")));
    }

    @Test
    void takesNothingWhereThereIsNotEnough() {
        take("a", TEN_PER_SECOND, 3, 2);

        Take refused = take("a", TEN_PER_SECOND, 3, 2);

        assertThat(refused).isEqualTo(new Take(false, 1, nanos("PT0.1S"), nanos("PT0.2S")));
        assertThat(take("a", TEN_PER_SECOND, 3, 1).enough()).isTrue();
    }

    @Test
    void fillsEvenlyToTheTick() {
        take("a", TEN_PER_SECOND, 3, 3);

        clock.advance(Duration.ofMillis(100).minus(tick()));
        Take early = take("a", TEN_PER_SECOND, 3, 1);
        clock.advance(tick());
        Take due = take("a", TEN_PER_SECOND, 3, 1);

        assertThat(early).isEqualTo(new Take(false, 0, tick().toNanos(), nanos("PT0.2S") + tick().toNanos()));
        assertThat(due).isEqualTo(new Take(true, 0, 0, nanos("PT0.3S")));
    }

    @Test
    void keepsFractionsOfATokenHoweverOftenItIsAsked() {
        Rate thirds = Rate.parse("3/s");
        take("a", thirds, 3, 3);

        for (int i = 0; i < 1_000; i++) {
            clock.advance(Duration.ofMillis(1));
            take("a", thirds, 3, 0);
        }

        assertThat(take("a", thirds, 3, 3)).isEqualTo(new Take(true, 0, 0, nanos("PT1S")));
    }

    @Test
    void saysWhenToComeAgainRoundedUp() {
        Rate thirds = Rate.parse("3/s");
        take("a", thirds, 3, 3);

        Take refused = take("a", thirds, 3, 1);
        clock.advance(Duration.ofNanos(refused.retryAfterNanos()).minus(tick()));
        Take early = take("a", thirds, 3, 1);
        clock.advance(tick());
        Take due = take("a", thirds, 3, 1);

        assertThat(refused.retryAfterNanos()).isEqualTo(inTicks(333_333_334));
        assertThat(early.enough()).isFalse();
        assertThat(due.enough()).isTrue();
    }

    @Test
    void neverHoldsMoreThanTheBurst() {
        take("a", TEN_PER_SECOND, 3, 3);

        clock.advance(Duration.ofDays(10_000));

        assertThat(take("a", TEN_PER_SECOND, 3, 4).enough()).isFalse();
        assertThat(take("a", TEN_PER_SECOND, 3, 3).enough()).isTrue();
        assertThat(take("a", TEN_PER_SECOND, 3, 1).enough()).isFalse();
    }

    @Test
    void onlyAsksWhereNoTokenIsTaken() {
        take("a", TEN_PER_SECOND, 3, 1);

        assertThat(take("a", TEN_PER_SECOND, 3, 0)).isEqualTo(new Take(true, 2, 0, nanos("PT0.1S")));
        assertThat(take("a", TEN_PER_SECOND, 3, 0)).isEqualTo(new Take(true, 2, 0, nanos("PT0.1S")));
        assertThat(take("unseen", TEN_PER_SECOND, 3, 0)).isEqualTo(new Take(true, 3, 0, 0));
    }

    @Test
    void keepsKeysApart() {
        take("a", TEN_PER_SECOND, 1, 1);

        assertThat(take("b", TEN_PER_SECOND, 1, 1).enough()).isTrue();
        assertThat(take("a", TEN_PER_SECOND, 1, 1).enough()).isFalse();
        assertThat(take("a ", TEN_PER_SECOND, 1, 1).enough()).isTrue();
        assertThat(take("", TEN_PER_SECOND, 1, 1).enough()).isTrue();
    }

    @Test
    void neverHasMoreThanTheBurstToGive() {
        Take refused = take("a", TEN_PER_SECOND, 3, 4);

        assertThat(refused).isEqualTo(new Take(false, 3, Long.MAX_VALUE, 0));
    }

    @Test
    void countsAnotherRateFromNowOn() {
        take("a", TEN_PER_SECOND, 10, 10);
        clock.advance(Duration.ofMillis(200));

        Take faster = take("a", Rate.parse("100/s"), 10, 0);
        clock.advance(Duration.ofMillis(50));

        assertThat(faster.left()).isEqualTo(2);
        assertThat(take("a", Rate.parse("100/s"), 10, 0).left()).isEqualTo(7);
    }

    @Test
    void holdsNoMoreThanASmallerBurstFromNowOn() {
        take("a", TEN_PER_SECOND, 10, 1);

        assertThat(take("a", TEN_PER_SECOND, 5, 1).left()).isEqualTo(4);
        assertThat(take("a", TEN_PER_SECOND, 10, 0).left()).isEqualTo(4);
    }

    @Test
    void givesNothingForTimeThatPassesTwice() {
        take("a", TEN_PER_SECOND, 10, 10);

        clock.advance(Duration.ofMinutes(-1));
        Take back = take("a", TEN_PER_SECOND, 10, 1);
        clock.advance(Duration.ofMinutes(1));
        Take again = take("a", TEN_PER_SECOND, 10, 1);

        assertThat(back.enough()).isFalse();
        assertThat(again.enough()).isFalse();
    }

    @Test
    void isExactForLargeNumbers() {
        Rate rate = Rate.parse("86399/d");
        long burst = 86_399;
        take("a", rate, burst, burst);

        clock.advance(Duration.ofDays(1).minus(tick()));
        Take early = take("a", rate, burst, burst);
        clock.advance(tick());
        Take due = take("a", rate, burst, burst);

        assertThat(early.enough()).isFalse();
        assertThat(early.retryAfterNanos()).isEqualTo(tick().toNanos());
        assertThat(due).isEqualTo(new Take(true, 0, 0, nanos("P1D")));
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> take("a", TEN_PER_SECOND, 1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.enter("a", "me", 0, A_MINUTE));
        assertThatIllegalArgumentException().isThrownBy(() -> store.enter("a", "me", 1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> store.put("a", "text", Duration.ZERO));
    }

    @Test
    void givesAwayNoTokenTwice() throws Exception {
        long burst = 1_000;

        long taken =
                countOfMany(2 * burst, i -> take("a", TEN_PER_SECOND, burst, 1).enough());

        assertThat(taken).isEqualTo(burst);
    }

    @Test
    void takesFromAllLimitsOrFromNone() {
        List<Limit> both = List.of(new Limit.Bucket(TEN_PER_SECOND, 5), new Limit.Log(2, A_MINUTE));
        store.take("a", both, 2);

        List<Take> refused = store.take("a", both, 1);

        assertThat(refused)
                .containsExactly(
                        new Take(true, 3, 0, nanos("PT0.2S")), new Take(false, 0, nanos("PT60S"), nanos("PT60S")));
        assertThat(store.take("a", both, 0).getFirst().left()).isEqualTo(3);
    }

    @Test
    void countsInAWindowUntilALaterOneBegins() {
        store.take("a", List.of(window(0)), 3);

        assertThat(store.take("a", List.of(window(0)), 1))
                .containsExactly(new Take(false, 0, nanos("PT60S"), nanos("PT60S")));
        assertThat(store.take("a", List.of(window(60_000)), 1)).containsExactly(new Take(true, 2, 0, nanos("PT60S")));
        assertThat(store.take("a", List.of(window(0)), 1).getFirst().left()).isEqualTo(1);
    }

    private static Limit window(long start) {
        return new Limit.Window(3, start, A_MINUTE);
    }

    @Test
    void weighsTheWindowBeforeByWhatTheSlidingOneCoversOfIt() {
        List<Limit> limit = List.of(new Limit.Sliding(10, A_MINUTE));
        store.take("a", limit, 10);

        clock.advance(Duration.ofSeconds(60 + 15));
        Take after = store.take("a", limit, 2).getFirst();
        Take refused = store.take("a", limit, 1).getFirst();

        assertThat(after.left()).isZero(); // 7.5 of the 10 are covered, which counts as 8
        assertThat(refused.retryAfterNanos()).isEqualTo(nanos("PT3S")); // then 7 are
    }

    @Test
    void remembersEachTakeUntilTheWindowHasLeftIt() {
        List<Limit> limit = List.of(new Limit.Log(2, A_MINUTE));
        store.take("a", limit, 1);
        clock.advance(Duration.ofSeconds(20));
        store.take("a", limit, 1);

        Take refused = store.take("a", limit, 1).getFirst();
        clock.advance(Duration.ofSeconds(40));
        Take due = store.take("a", limit, 1).getFirst();
        Take again = store.take("a", limit, 1).getFirst();

        assertThat(refused).isEqualTo(new Take(false, 0, nanos("PT40S"), nanos("PT60S")));
        assertThat(due.enough()).isTrue();
        assertThat(again.retryAfterNanos()).isEqualTo(nanos("PT20S"));
    }

    @Test
    void owesWhatIsChargedBeyondTheLimit() {
        List<Limit> limit = List.of(new Limit.Bucket(TEN_PER_SECOND, 5));

        Take charged = store.charge("a", limit, 7).getFirst();
        Take refused = store.take("a", limit, 1).getFirst();

        assertThat(charged).isEqualTo(new Take(false, 0, Long.MAX_VALUE, nanos("PT0.7S")));
        assertThat(refused.retryAfterNanos()).isEqualTo(nanos("PT0.3S"));
        assertThat(store.charge("a", limit, 1_000).getFirst().fullAfterNanos()).isEqualTo(nanos("PT1S"));
    }

    /** What is expected of each of them over random timelines is what a store that was written to be believed says. */
    @Test
    void countsAsTheSimpleModelDoesOverRandomTimelines() {
        for (int seed = 0; seed < timelines(); seed++) {
            new Timeline(seed, store, clock, tick()).run();
        }
    }

    @Test
    void letsInAsManyAsThereIsRoomFor() throws Exception {
        long entered = countOfMany(
                200, i -> store.enter("a", "holder-" + i, 7, A_MINUTE).entered());

        assertThat(entered).isEqualTo(7);
        assertThat(store.enter("a", "late", 7, A_MINUTE)).isEqualTo(new Entry(false, 7));
        assertThat(store.enter("b", "late", 7, A_MINUTE)).isEqualTo(new Entry(true, 1));
    }

    @Test
    void makesRoomWhereSomebodyLeaves() {
        store.enter("a", "one", 1, A_MINUTE);
        store.leave("a", "nobody");
        assertThat(store.enter("a", "two", 1, A_MINUTE).entered()).isFalse();

        store.leave("a", "one");

        assertThat(store.enter("a", "two", 1, A_MINUTE).entered()).isTrue();
    }

    @Test
    void takesBackTheRoomOfThoseWhoseTimeIsOver() {
        store.enter("a", "dead", 2, Duration.ofSeconds(10));
        store.enter("a", "alive", 2, Duration.ofSeconds(10));
        clock.advance(Duration.ofSeconds(9));
        store.enter("a", "alive", 2, Duration.ofSeconds(10)); // stays

        clock.advance(Duration.ofSeconds(1));

        assertThat(store.enter("a", "new", 2, A_MINUTE)).isEqualTo(new Entry(true, 2));
        assertThat(store.enter("a", "other", 2, A_MINUTE)).isEqualTo(new Entry(false, 2));
    }

    @Test
    void keepsValuesOfAnyText() {
        store.put("a", "one", A_MINUTE);
        store.put("b", "", A_MINUTE);
        store.put("c ", "\u0000ü\n\uD83D\uDE00", A_MINUTE);

        assertThat(store.get("a")).isEqualTo("one");
        assertThat(store.get("b")).isEmpty();
        assertThat(store.get("c ")).isEqualTo("\u0000ü\n\uD83D\uDE00");
        assertThat(store.get("unseen")).isNull();
    }

    @Test
    void setsAValueWhereThereIsNoneOnlyOnce() throws Exception {
        long set = countOfMany(200, i -> store.putIfAbsent("a", "by " + i, A_MINUTE));

        assertThat(set).isEqualTo(1);
    }

    @Test
    void replacesTheExpectedValueAndNoOther() throws Exception {
        store.put("a", "0", A_MINUTE);

        long replaced = countOfMany(200, i -> store.replace("a", "0", "1", A_MINUTE));

        assertThat(replaced).isEqualTo(1);
        assertThat(store.replace("a", "0", "2", A_MINUTE)).isFalse();
        assertThat(store.replace("unseen", "0", "2", A_MINUTE)).isFalse();
        assertThat(store.get("a")).isEqualTo("1");
    }

    @Test
    void removesAValueOnce() {
        store.put("a", "one", A_MINUTE);

        assertThat(store.remove("a")).isTrue();
        assertThat(store.remove("a")).isFalse();
        assertThat(store.get("a")).isNull();
    }

    @Test
    void forgetsAValueWhenItsTimeIsOver() throws Exception {
        store.put("a", "one", Duration.ofMillis(60));
        store.put("kept", "two", A_MINUTE);

        for (int i = 0; i < 1_000 && store.get("a") != null; i++) {
            clock.advance(Duration.ofMillis(10));
            Thread.sleep(10);
        }

        assertThat(store.get("a")).isNull();
        assertThat(store.putIfAbsent("a", "again", A_MINUTE)).isTrue();
        assertThat(store.get("kept")).isEqualTo("two");
    }

    @Test
    void keepsBytesUntilTheirTimeIsOver() throws Exception {
        byte[] bytes = new byte[100_000];
        Arrays.fill(bytes, (byte) 0xc3);

        store.putBytes("a", new byte[] {1}, A_MINUTE);
        store.putBytes("a", bytes, A_MINUTE);
        store.put("a", "text", A_MINUTE);
        store.putBytes("short", bytes, Duration.ofMillis(60));

        assertThat(store.getBytes("a")).isEqualTo(bytes);
        assertThat(store.get("a")).isEqualTo("text");
        assertThat(store.getBytes("b")).isNull();
        for (int i = 0; i < 1_000 && store.getBytes("short") != null; i++) {
            clock.advance(Duration.ofMillis(10));
            Thread.sleep(10);
        }
        assertThat(store.getBytes("short")).isNull();
    }

    @Test
    void keepsTakesRoomsAndValuesOfOneKeyApart() {
        store.put("a", "one", A_MINUTE);
        store.enter("a", "me", 1, A_MINUTE);

        assertThat(take("a", TEN_PER_SECOND, 1, 1).enough()).isTrue();
        assertThat(store.get("a")).isEqualTo("one");
        assertThat(store.enter("a", "other", 1, A_MINUTE).entered()).isFalse();
    }

    @Test
    void hasNoTroubleWhereAllWorks() {
        store.put("a", "one", A_MINUTE);

        assertThat(store.trouble()).isNull();
    }

    private Take take(String key, Rate rate, long burst, long tokens) {
        return store.take(key, List.of(new Limit.Bucket(rate, burst)), tokens).getFirst();
    }

    private interface Try {
        boolean succeeds(int number) throws Exception;
    }

    /** How many of so many tries succeed, by many threads at once. */
    private static long countOfMany(long tries, Try one) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger number = new AtomicInteger();
        List<Future<Integer>> counts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int thread = 0; thread < THREADS; thread++) {
                counts.add(threads.submit(() -> {
                    start.await();
                    int succeeded = 0;
                    for (int i = number.getAndIncrement(); i < tries; i = number.getAndIncrement()) {
                        succeeded += one.succeeds(i) ? 1 : 0;
                    }
                    return succeeded;
                }));
            }
            start.countDown();
        }
        long all = 0;
        for (Future<Integer> count : counts) {
            all += count.get();
        }
        return all;
    }

    private long inTicks(long nanos) {
        long tick = tick().toNanos();
        return Math.ceilDiv(nanos, tick) * tick;
    }

    private static long nanos(String duration) {
        return Duration.parse(duration).toNanos();
    }
}
