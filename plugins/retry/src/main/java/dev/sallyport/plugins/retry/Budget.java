package dev.sallyport.plugins.retry;

import dev.sallyport.api.config.Percent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many repetitions there may be. Each request pays its share in, each repetition takes a whole one out, and no more than
 * the reserve is kept. So of any number of requests there are at most as many repetitions as their share and the reserve,
 * whatever happens: an upstream that fails gets little more than the load it had. Thread-safe, and where the reserve is full,
 * which it is mostly, paying in writes nothing.
 */
final class Budget {

    /** One repetition. */
    private static final long WHOLE = 1_000_000;

    private final long share;
    private final long most;
    private final AtomicLong level;

    Budget(Percent share, int reserve) {
        this.share = Math.round(share.value() * WHOLE / 100);
        most = Math.max(reserve, 1) * WHOLE;
        level = new AtomicLong(reserve * WHOLE);
    }

    /** A request has come. */
    void payIn() {
        if (level.get() < most) {
            level.updateAndGet(now -> Math.min(most, now + share));
        }
    }

    /** Whether there is one left, which is taken. */
    boolean takeOne() {
        long now = level.get();
        while (now >= WHOLE) {
            if (level.compareAndSet(now, now - WHOLE)) {
                return true;
            }
            now = level.get();
        }
        return false;
    }

    /** How many are left. */
    long left() {
        return level.get() / WHOLE;
    }
}
