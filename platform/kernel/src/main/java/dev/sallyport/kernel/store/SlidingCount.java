package dev.sallyport.kernel.store;

import dev.sallyport.api.Limit;

/**
 * A sliding window by two counters. Immutable.
 *
 * @param window how long it is, in nanoseconds
 * @param number which fixed window it is in
 * @param elapsed how much of that has passed, in nanoseconds
 * @param current what was taken in that
 * @param previous what was taken in the one before
 */
record SlidingCount(long window, long number, long elapsed, long current, long previous) implements Count {

    static SlidingCount fresh(long now, Limit.Sliding limit) {
        long window = BucketCount.nanos(limit.window());
        return new SlidingCount(window, Math.floorDiv(now, window), Math.floorMod(now, window), 0, 0);
    }

    SlidingCount at(long now, Limit.Sliding limit) {
        SlidingCount fresh = fresh(now, limit);
        if (fresh.window != window || fresh.number > number + 1) {
            return fresh;
        }
        if (fresh.number > number) {
            return new SlidingCount(window, fresh.number, fresh.elapsed, 0, current);
        }
        return new SlidingCount(window, number, fresh.elapsed, current, previous);
    }

    @Override
    public long there(Limit limit) {
        return amount(limit) - current - covered();
    }

    /** What the sliding window still covers of the one before, rounded up. */
    private long covered() {
        return Division.of(previous, window - elapsed, window - 1, window).quotient();
    }

    @Override
    public SlidingCount minus(Limit limit, long tokens) {
        return tokens == 0 ? this : new SlidingCount(window, number, elapsed, current + tokens, previous);
    }

    @Override
    public long retryAfter(Limit limit, long tokens) {
        long room = amount(limit) - tokens;
        if (room < 0) {
            return Long.MAX_VALUE;
        }
        long rest = window - elapsed;
        return room >= current
                ? rest - share(room - current, previous) // in this window, as the one before leaves
                : rest + window - share(room, current); // in the next one, as this one leaves
    }

    /** As much of the window as that part is of the whole, rounded down. */
    private long share(long part, long whole) {
        return Division.of(part, window, 0, whole).quotient();
    }

    @Override
    public long fullAfter(Limit limit) {
        long rest = window - elapsed;
        return current > 0 ? rest + window : previous > 0 ? rest : 0;
    }

    private static long amount(Limit limit) {
        return ((Limit.Sliding) limit).amount();
    }
}
