package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random life of one key: takes from one to three limits of random kinds, at random times, with changes of the limits in
 * between. After each step a store must say what the simple one says; and what it says of when to come again is true.
 */
final class Timeline {

    private static final int STEPS = 60;
    private static final List<Duration> TIMES =
            List.of(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1));

    private final int seed;
    private final Random random;
    private final Store store;
    private final Store model;
    private final ManualClock clock;
    private final long tick;
    private final String key;
    private List<Limit> limits;

    Timeline(int seed, Store store, ManualClock clock, Duration tick) {
        this.seed = seed;
        this.store = store;
        this.clock = clock;
        this.tick = tick.toNanos();
        random = new Random(seed);
        model = new MemoryStore(clock);
        key = "timeline " + seed;
        limits = limits();
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            advance(random.nextInt(4) == 0 ? 0 : (long) (random.nextDouble() * span()));
            if (random.nextInt(15) == 0) {
                limits = limits.stream().map(this::changed).toList();
            }
            if (random.nextInt(10) == 0) {
                long tokens = random.nextInt(8);
                assertSame(store.charge(key, now(), tokens), model.charge(key, now(), tokens), step);
            } else {
                take(random.nextInt(4), step);
            }
        }
    }

    private void take(long tokens, int step) {
        List<Take> takes = store.take(key, now(), tokens);
        assertSame(takes, model.take(key, now(), tokens), step);
        long retry = takes.stream().mapToLong(Take::retryAfterNanos).max().orElseThrow();
        if (retry > tick && retry < Long.MAX_VALUE && random.nextBoolean()) {
            advance(retry - tick);
            List<Take> early = store.take(key, now(), tokens);
            assertSame(early, model.take(key, now(), tokens), step);
            assertThat(early)
                    .as("a tick too early, seed %s, step %s", seed, step)
                    .anyMatch(take -> !take.enough());
            advance(tick);
            List<Take> due = store.take(key, now(), tokens);
            assertSame(due, model.take(key, now(), tokens), step);
            assertThat(due).as("when it is due, seed %s, step %s", seed, step).allMatch(Take::enough);
        }
    }

    private void advance(long nanos) {
        clock.advance(Duration.ofNanos(nanos / tick * tick));
    }

    private long span() {
        Limit one = limits.get(random.nextInt(limits.size()));
        return switch (one) {
            case Limit.Bucket bucket -> bucket.rate().per().toNanos();
            case Limit.Window _ -> Duration.ofSeconds(30).toNanos();
            case Limit.Sliding sliding -> sliding.window().toNanos();
            case Limit.Log log -> log.window().toNanos();
        };
    }

    private List<Limit> limits() {
        List<Limit> some = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            some.add(limit(random.nextInt(4)));
        }
        return some;
    }

    private Limit limit(int kind) {
        long amount = 1L + random.nextInt(9);
        Duration time = TIMES.get(random.nextInt(TIMES.size()));
        return switch (kind) {
            case 0 -> new Limit.Bucket(new Rate(amount, time), 1L + random.nextInt(12));
            case 1 -> new Limit.Window(amount, 0, Duration.ofSeconds(1));
            case 2 -> new Limit.Sliding(amount, time);
            default -> new Limit.Log(amount, time);
        };
    }

    /** Not to a larger burst: a store may have forgotten what was full, and then it is full at once. */
    private Limit changed(Limit limit) {
        return switch (limit) {
            case Limit.Bucket bucket ->
                new Limit.Bucket(((Limit.Bucket) limit(0)).rate(), 1L + random.nextInt((int) bucket.burst()));
            case Limit.Window _ -> limit(1);
            case Limit.Sliding _ -> limit(2);
            case Limit.Log _ -> limit(3);
        };
    }

    /** Windows of a minute, as the caller tells them. */
    private List<Limit> now() {
        long minute = Duration.ofMinutes(1).toMillis();
        long start = Math.floorDiv(clock.millis(), minute) * minute;
        Duration passed = Duration.between(Instant.ofEpochMilli(start), clock.instant());
        return limits.stream()
                .map(limit -> limit instanceof Limit.Window window
                        ? new Limit.Window(
                                window.amount(), start, Duration.ofMinutes(1).minus(passed))
                        : limit)
                .toList();
    }

    private void assertSame(List<Take> takes, List<Take> expected, int step) {
        assertThat(takes)
                .as("seed %s, step %s, limits %s", seed, step, limits)
                .isEqualTo(expected.stream()
                        .map(take -> new Take(
                                take.enough(),
                                take.left(),
                                ticks(take.retryAfterNanos()),
                                ticks(take.fullAfterNanos())))
                        .toList());
    }

    private long ticks(long nanos) {
        return nanos == Long.MAX_VALUE ? nanos : Math.ceilDiv(nanos, tick) * tick;
    }
}
