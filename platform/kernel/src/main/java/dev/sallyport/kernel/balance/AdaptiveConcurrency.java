package dev.sallyport.kernel.balance;

import dev.sallyport.kernel.config.ConcurrencyConfig;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many requests may wait for an upstream's answer, found from how long its answers take. Thread-safe.
 *
 * <p>Answers are judged in windows. Where half of a window's answers took longer than {@code tolerance} times the baseline,
 * work queues up at the upstream, and the limit shrinks by as much (at most by half); where a tenth or more came to nothing,
 * it shrinks, too. Else it grows by its square root, where it is in use. That is the gradient of Envoy's filter and of
 * Netflix's concurrency-limits, with growth only where nothing queues up: else a mild overload raises the limit for ever.
 *
 * <p>The baseline is how long answers take without a queue: the fastest window that there was. Where the limit was in use
 * from the beginning, or no window has come near the baseline for a minute, nobody knows what answers take without a queue:
 * then the limit is halved, window by window, for as long as that makes answers faster. So a service that has become slower
 * for another reason is not throttled for ever, and a queue that lasts is not taken for normal.
 */
public final class AdaptiveConcurrency {

    private static final long WINDOW_NANOS = 100_000_000;
    private static final int WINDOW_SAMPLES = 20;
    private static final int KEPT_SAMPLES = 256;
    private static final long BASELINE_NANOS = 60_000_000_000L;
    private static final long FIRST_NANOS = 1_000_000_000L;
    private static final double NEAR = 1.2;
    private static final double FASTER = 0.8;
    private static final double FAILED_SHARE = 0.1;

    /** Nobody minds a queue that costs less, and so much comes and goes on any machine. */
    private static final long SLACK_NANOS = 5_000_000;

    private final ConcurrencyConfig config;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder shed = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile int limit;
    private volatile long slow = Long.MAX_VALUE;

    // Guarded by the lock.
    private final long[] samples = new long[KEPT_SAMPLES];
    private int count;
    private int failures;
    private int mostWaiting;
    private long windowStart;
    private double exact;
    private long baseline;
    private long baselineAt;
    private boolean isKnown;
    private boolean probing;
    private long fastest;

    AdaptiveConcurrency(ConcurrencyConfig config, long now) {
        this.config = config;
        exact = Math.clamp(config.start(), config.min(), config.max());
        limit = (int) exact;
        windowStart = now;
    }

    ConcurrencyConfig config() {
        return config;
    }

    /** How many may wait now. */
    public int limit() {
        return limit;
    }

    /** How many wait. */
    public int waiting() {
        return waiting.get();
    }

    /** How many were turned away. */
    public long shed() {
        return shed.sum();
    }

    /** One more waits, until {@link #leave}; false where that would be one too many. */
    public boolean enter() {
        if (waiting.incrementAndGet() <= limit) {
            return true;
        }
        waiting.decrementAndGet();
        shed.increment();
        return false;
    }

    /** It does not wait any more, for a reason that says nothing of the upstream. */
    public void leave() {
        waiting.decrementAndGet();
    }

    /** Its client has gone: that tells only where the answer was late by then. */
    public void abandoned(long tookNanos, long now) {
        if (tookNanos > slow) {
            leave(tookNanos, false, now);
        } else {
            leave();
        }
    }

    /**
     * It has its answer, or will not get one.
     *
     * @param tookNanos from when the upstream had the whole request
     * @param failed whether the upstream was not up to it: no answer in time, none at all, or one that says so
     */
    public void leave(long tookNanos, boolean failed, long now) {
        int were = waiting.getAndDecrement();
        // Who comes while a window is judged is not counted: samples are many, and nobody waits for this lock.
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (probing && now - tookNanos < windowStart) {
                return; // it met the queue that there was before
            }
            mostWaiting = Math.max(mostWaiting, were);
            if (failed) {
                failures++;
            } else {
                samples[count % KEPT_SAMPLES] = Math.max(1, tookNanos);
                count++;
            }
            if (count + failures >= WINDOW_SAMPLES && now - windowStart >= WINDOW_NANOS) {
                judge(now);
                count = 0;
                failures = 0;
                mostWaiting = 0;
                windowStart = now;
            }
        } finally {
            lock.unlock();
        }
    }

    private void judge(long now) {
        boolean failing = failures >= FAILED_SHARE * (count + failures);
        boolean inUse = 2 * mostWaiting >= limit;
        long median = median();
        if (probing) {
            probe(median, now);
        } else if (count > 0) {
            learn(median, inUse, now);
        }
        if (probing) {
            return;
        }
        double gradient = count == 0 || baseline == 0 ? 1 : Math.clamp((double) slow() / median, 0.5, 1);
        if (failing) {
            gradient = Math.min(gradient, 0.7);
        }
        if (gradient < 1) {
            exact *= gradient;
        } else if (inUse && isKnown) {
            exact += Math.sqrt(exact);
        }
        limit(exact);
    }

    private void learn(long median, boolean inUse, long now) {
        if (baseline == 0 || median < baseline) {
            baseline = median;
            baselineAt = now;
        } else if (isKnown && median <= NEAR * baseline) {
            baselineAt = now;
        }
        isKnown |= !inUse;
        if (now - baselineAt >= (isKnown ? BASELINE_NANOS : FIRST_NANOS)) {
            if (inUse) {
                probing = true;
                fastest = median;
                limit(exact / 2);
            } else {
                baseline = median; // there is no queue, so this is what answers take now
                baselineAt = now;
            }
        }
        slow = slow();
    }

    /** One window with a smaller limit is over: if that made answers faster, there was a queue, and may still be one. */
    private void probe(long median, long now) {
        boolean faster = count > 0 && median < FASTER * fastest;
        fastest = count > 0 ? Math.min(fastest, median) : fastest;
        if (faster && limit > config.min()) {
            limit(exact / 2);
            return;
        }
        probing = false;
        isKnown = true;
        baseline = fastest;
        baselineAt = now;
        slow = slow();
        exact *= faster ? 1 : 2; // what made no difference is taken back
    }

    private long slow() {
        return Math.max((long) (config.tolerance() * baseline), baseline + SLACK_NANOS);
    }

    private void limit(double value) {
        exact = Math.clamp(value, config.min(), config.max());
        limit = (int) exact;
    }

    private long median() {
        int kept = Math.min(count, KEPT_SAMPLES);
        if (kept == 0) {
            return 1;
        }
        Arrays.sort(samples, 0, kept);
        return samples[kept / 2];
    }
}
