package dev.sallyport.kernel.replay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time at which the request that is replayed was recorded. It never goes back. Thread-safe. */
final class ReplayClock extends Clock {

    private volatile Instant now = Instant.EPOCH;

    void reach(Instant at) {
        if (at.isAfter(now)) {
            now = at;
        }
    }

    /** A clock like {@link System#nanoTime}. */
    long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
