package dev.sallyport.kernel.store;

import dev.sallyport.api.Limit;

/** What has been taken from one limit, as it was at one moment. For one thread at a time. */
sealed interface Count permits BucketCount, WindowCount, SlidingCount, LoggedCount {

    /** One of which nothing is taken. */
    static Count fresh(Limit limit, long now) {
        return switch (limit) {
            case Limit.Bucket bucket -> BucketCount.full(now, bucket);
            case Limit.Window window -> new WindowCount(window.start(), 0);
            case Limit.Sliding sliding -> SlidingCount.fresh(now, sliding);
            case Limit.Log log -> LoggedCount.fresh(now, log);
        };
    }

    /** How it is now, where the limit is this; anew where it was of another kind. */
    static Count at(Count before, Limit limit, long now) {
        return switch (limit) {
            case Limit.Bucket bucket when before instanceof BucketCount count -> count.at(now, bucket);
            case Limit.Window window when before instanceof WindowCount count -> count.at(window);
            case Limit.Sliding sliding when before instanceof SlidingCount count -> count.at(now, sliding);
            case Limit.Log log when before instanceof LoggedCount count -> count.at(now, log);
            default -> fresh(limit, now);
        };
    }

    /** How much may be taken; below 0 where something is owed. */
    long there(Limit limit);

    /** The same after so much was taken, there or not. */
    Count minus(Limit limit, long tokens);

    /** How long until so much is there; {@link Long#MAX_VALUE} where it never is. Asked where it is not there. */
    long retryAfter(Limit limit, long tokens);

    /** How long until nothing of it is taken. */
    long fullAfter(Limit limit);

    /** How long it must be remembered: longer than until it is full, where others count by another clock. */
    default long forgettableAfter(Limit limit) {
        return fullAfter(limit);
    }

    /** How much memory it takes, in parts of a key's. */
    default int weight() {
        return 0;
    }
}
