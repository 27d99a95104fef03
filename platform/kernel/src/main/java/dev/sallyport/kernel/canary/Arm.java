package dev.sallyport.kernel.canary;

import java.util.concurrent.atomic.LongAdder;

/** How one of the two versions does. Thread-safe. */
public final class Arm {

    private final LongAdder requests = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final Latencies latencies = new Latencies();
    private final Latencies own = new Latencies();

    /**
     * Counts a request.
     *
     * @param failed whether it ended in an exception or a status of 500 or more
     * @param nanos from entering the step until it had answered
     * @param ownNanos the part of it that it did not spend in what comes after it
     */
    public void count(boolean failed, long nanos, long ownNanos) {
        requests.increment();
        if (failed) {
            errors.increment();
        }
        latencies.add(nanos);
        own.add(ownNanos);
    }

    /** How many requests it took. */
    public long requests() {
        return requests.sum();
    }

    /** How many of them failed. */
    public long errors() {
        return errors.sum();
    }

    /** The share of requests that failed, in a hundred; 0 where there were none. */
    public double errorRate() {
        long all = requests();
        return all == 0 ? 0 : 100.0 * errors() / all;
    }

    /** A quantile of the time until it had answered, in milliseconds. */
    public double latencyMillis(double quantile) {
        return latencies.quantile(quantile) / 1e6;
    }

    /** A quantile of the time that it took by itself, in milliseconds. */
    public double ownMillis(double quantile) {
        return own.quantile(quantile) / 1e6;
    }
}
