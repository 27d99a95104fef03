package dev.sallyport.plugins.retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to pause before a try: drawn between nothing and a bound that doubles each time, so that those who failed together
 * do not come back together.
 */
final class Pauses {

    private final double first;
    private final double most;
    private final DoubleSupplier random;

    /** @param random from 0 to 1 */
    Pauses(Duration first, Duration most, DoubleSupplier random) {
        this.first = first.toNanos();
        this.most = most.toNanos();
        this.random = random;
    }

    /** @param failed how many tries have failed so far */
    Duration after(int failed) {
        return Duration.ofNanos(Math.round(random.getAsDouble() * Math.min(most, Math.scalb(first, failed - 1))));
    }
}
