package dev.sallyport.kernel.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what clients can cause as often as they like, and lets it be told once in ten seconds at most. Thread-safe. */
final class Seldom {

    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongAdder all = new LongAdder();
    private final AtomicLong told = new AtomicLong();
    private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());

    /**
     * It has happened.
     *
     * @return how often since it was last told, where it is to be told now; else 0
     */
    long happened() {
        all.increment();
        long now = System.nanoTime();
        long until = silentUntil.get();
        if (now - until < 0 || !silentUntil.compareAndSet(until, now + QUIET_NANOS)) {
            return 0;
        }
        long sum = all.sum();
        return sum - told.getAndSet(sum);
    }

    /** How often it has happened. */
    long count() {
        return all.sum();
    }
}
