package dev.sallyport.plugins.elk;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next try: twice as long each time up to a bound, and a random part of that, so that many gateways do
 * not come back at one moment. For one thread.
 */
final class Backoff {

    private final long first;
    private final long most;
    private long next;

    Backoff(Duration first, Duration most) {
        this.first = first.toMillis();
        this.most = Math.max(this.first, most.toMillis());
        next = this.first;
    }

    /** The next wait, in milliseconds. */
    long next(Trouble.Kind kind) {
        long bound = kind == Trouble.Kind.REFUSED ? most : next;
        next = Math.min(most, next * 2);
        return bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1);
    }

    /** It works again. */
    void reset() {
        next = first;
    }
}
