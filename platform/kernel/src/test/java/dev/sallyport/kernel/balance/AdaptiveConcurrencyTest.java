package dev.sallyport.kernel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.ConcurrencyConfig;
import dev.sallyport.kernel.config.Written;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/** A limit over a service that is played in virtual time: so many workers, each busy with a request for a while. */
final class AdaptiveConcurrencyTest {

    private static final long MILLI = 1_000_000;

    private final AdaptiveConcurrency concurrency = limit("start: 100");

    private long now;
    private int workers = 10;
    private long serviceMillis = 10;

    private static AdaptiveConcurrency limit(String... keys) {
        return new AdaptiveConcurrency(Written.as(ConcurrencyConfig.class, String.join("\n", keys) + "\n"), 0);
    }

    private record Work(long began, long ends) {}

    /** What became of the requests of a while. */
    private record Outcome(int answered, int shed, long slowestMillis) {}

    /** Requests come evenly, and those that are let in queue up for a worker. */
    private Outcome play(Duration time, int perSecond) {
        PriorityQueue<Work> busy = new PriorityQueue<>(Comparator.comparingLong(Work::ends));
        long[] freeAt = new long[workers];
        java.util.Arrays.fill(freeAt, now);
        long gap = 1_000_000_000L / perSecond;
        long end = now + time.toNanos();
        int answered = 0;
        int shed = 0;
        long slowest = 0;
        for (; now < end; now += gap) {
            while (!busy.isEmpty() && busy.peek().ends() <= now) {
                Work done = busy.poll();
                long took = done.ends() - done.began();
                slowest = Math.max(slowest, took);
                answered++;
                concurrency.leave(took, false, done.ends());
            }
            if (!concurrency.enter()) {
                shed++;
                continue;
            }
            int next = 0;
            for (int worker = 1; worker < workers; worker++) {
                next = freeAt[worker] < freeAt[next] ? worker : next;
            }
            freeAt[next] = Math.max(now, freeAt[next]) + serviceMillis * MILLI;
            busy.add(new Work(now, freeAt[next]));
        }
        for (Work left : busy) {
            concurrency.leave(left.ends() - left.began(), false, Math.max(now, left.ends()));
            now = Math.max(now, left.ends());
        }
        return new Outcome(answered, shed, slowest / MILLI);
    }

    @Test
    void shedsNothingWhileTheServiceKeepsUp() {
        Outcome outcome = play(Duration.ofMinutes(5), 800);

        assertThat(outcome.shed()).isZero();
        assertThat(concurrency.waiting()).isZero();
    }

    @Test
    void keepsTheQueueShortAndTheServiceBusyUnderTwiceItsLoad() {
        play(Duration.ofSeconds(5), 800);
        play(Duration.ofSeconds(2), 2000);

        Outcome outcome = play(Duration.ofMinutes(10), 2000);

        // 10 workers with 10 ms each: 1000 a second is what it can do.
        assertThat(outcome.answered()).isGreaterThan(600 * 950);
        assertThat(outcome.shed()).isGreaterThan(600 * 950);
        assertThat(outcome.slowestMillis()).isLessThan(60);
        assertThat(concurrency.limit()).isBetween(10, 60);
    }

    @Test
    void findsTheLimitWhereItBeginsWithAnOverload() {
        play(Duration.ofSeconds(5), 2000);

        Outcome outcome = play(Duration.ofMinutes(1), 2000);

        assertThat(outcome.answered()).isGreaterThan(60 * 950);
        assertThat(outcome.slowestMillis()).isLessThan(60);
    }

    @Test
    void doesNotTakeALastingQueueForNormal() {
        play(Duration.ofSeconds(5), 800);
        play(Duration.ofMinutes(30), 1500);

        Outcome outcome = play(Duration.ofMinutes(1), 1500);

        assertThat(outcome.slowestMillis()).isLessThan(60);
    }

    @Test
    void getsUsedToAServiceThatHasBecomeSlower() {
        play(Duration.ofMinutes(1), 500);
        serviceMillis = 50;
        workers = 100;
        play(Duration.ofMinutes(5), 1500);

        Outcome outcome = play(Duration.ofMinutes(5), 1500);

        assertThat(outcome.shed()).isLessThan(outcome.answered() / 50);
    }

    @Test
    void growsWhereTheServiceGrows() {
        play(Duration.ofMinutes(1), 2000);
        workers = 100;

        play(Duration.ofSeconds(30), 6000);
        Outcome outcome = play(Duration.ofSeconds(10), 6000);

        assertThat(outcome.shed()).isZero();
    }

    @Test
    void shrinksWhereATenthComesToNothing() {
        for (int i = 0; i < 1000; i++) {
            now += 10 * MILLI;
            assertThat(concurrency.enter()).isTrue();
            concurrency.leave(MILLI, i % 10 == 0, now);
        }

        assertThat(concurrency.limit()).isEqualTo(4);
    }

    @Test
    void countsAClientThatGaveUpOnlyWhereTheAnswerWasLate() {
        play(Duration.ofSeconds(2), 800);
        int before = concurrency.limit();

        for (int i = 0; i < 100; i++) {
            now += 10 * MILLI;
            concurrency.enter();
            concurrency.abandoned(2 * MILLI, now);
        }
        assertThat(concurrency.limit()).isEqualTo(before);

        for (int i = 0; i < 100; i++) {
            now += 10 * MILLI;
            concurrency.enter();
            concurrency.abandoned(1000 * MILLI, now);
        }
        assertThat(concurrency.limit()).isLessThan(before);
        assertThat(concurrency.waiting()).isZero();
    }

    @Test
    void staysBetweenItsBounds() {
        AdaptiveConcurrency narrow = limit("start: 50", "min: 5", "max: 6");

        assertThat(narrow.limit()).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            assertThat(narrow.enter()).isTrue();
        }
        assertThat(narrow.enter()).isFalse();
        assertThat(narrow.shed()).isEqualTo(1);
        narrow.leave();
        assertThat(narrow.enter()).isTrue();
    }
}
