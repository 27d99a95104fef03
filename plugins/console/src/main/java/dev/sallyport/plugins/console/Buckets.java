package dev.sallyport.plugins.console;

/**
 * The ranges in which durations are counted: four to each doubling, from a tenth of a millisecond to over a minute, so that a
 * percentile is exact to an eighth. Arithmetic alone.
 */
final class Buckets {

    /** How many there are. */
    static final int COUNT = 80;

    private static final int PER_DOUBLING = 4;
    private static final double FIRST_MILLIS = 0.1;

    private Buckets() {}

    /** Which one a duration falls into. */
    static int of(long nanos) {
        // The position of the highest bit, and the two below it, of the duration in units of the first bound.
        long units = Math.max(1, nanos / 25_000); // a quarter of the first bound
        int high = 63 - Long.numberOfLeadingZeros(units);
        int below = high >= 2 ? (int) (units >>> (high - 2)) & 3 : (int) (units << (2 - high)) & 3;
        return Math.clamp((long) (high - 2) * PER_DOUBLING + below, 0, COUNT - 1);
    }

    /** What stands for all durations in one, in milliseconds: its middle. */
    static double millis(int bucket) {
        int high = bucket / PER_DOUBLING;
        int below = bucket % PER_DOUBLING;
        return FIRST_MILLIS * (1L << high) * (1 + (below + 0.5) / PER_DOUBLING);
    }

    /** The percentile of what was counted, in milliseconds; 0 where nothing was. */
    static float percentile(int[] counts, long all, double share) {
        if (all == 0) {
            return 0;
        }
        long rank = Math.max(1, (long) Math.ceil(all * share));
        long seen = 0;
        for (int i = 0; i < COUNT; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return (float) millis(i);
            }
        }
        return (float) millis(COUNT - 1);
    }
}
