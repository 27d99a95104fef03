package dev.sallyport.kernel.canary;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Durations, counted in buckets whose width is a sixteenth of their power of two: a quantile is at most 6 % too long, from
 * nanoseconds to years. Thread-safe without locks.
 */
final class Latencies {

    private static final int PARTS = 4;

    private final AtomicLongArray counts = new AtomicLongArray(64 << PARTS);

    void add(long nanos) {
        counts.incrementAndGet(bucket(Math.max(0, nanos)));
    }

    /** The duration that a share of all is not longer than, in nanoseconds; 0 where there is none. */
    long quantile(double share) {
        long all = 0;
        for (int i = 0; i < counts.length(); i++) {
            all += counts.get(i);
        }
        long rank = (long) Math.ceil(all * share);
        long seen = 0;
        for (int i = 0; i < counts.length() && rank > 0; i++) {
            seen += counts.get(i);
            if (seen >= rank) {
                return end(i);
            }
        }
        return 0;
    }

    /** Below 16 each has a bucket of its own; above, the power of two and the four bits after the first say which. */
    private static int bucket(long nanos) {
        if (nanos < 1 << PARTS) {
            return (int) nanos;
        }
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        int part = (int) (nanos >> (power - PARTS)) & ((1 << PARTS) - 1);
        return ((power - PARTS + 1) << PARTS) + part;
    }

    private static long end(int bucket) {
        if (bucket < 1 << PARTS) {
            return bucket;
        }
        int power = (bucket >> PARTS) + PARTS - 1;
        long part = (bucket & ((1 << PARTS) - 1)) + 1L;
        return (1L << power) + (part << (power - PARTS)) - 1;
    }
}
