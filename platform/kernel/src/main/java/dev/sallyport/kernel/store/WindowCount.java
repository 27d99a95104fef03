package dev.sallyport.kernel.store;

import dev.sallyport.api.Limit;
import java.util.concurrent.TimeUnit;

/**
 * A window whose begin and end are told. Immutable.
 *
 * @param start when it began, in milliseconds
 * @param taken how much has been taken in it
 */
record WindowCount(long start, long taken) implements Count {

    /** Who counts by a clock that is behind by no more than this meets the window still. */
    private static final long SLACK_NANOS = TimeUnit.MINUTES.toNanos(1);

    WindowCount at(Limit.Window limit) {
        return limit.start() > start ? new WindowCount(limit.start(), 0) : this;
    }

    @Override
    public long there(Limit limit) {
        return ((Limit.Window) limit).amount() - taken;
    }

    @Override
    public WindowCount minus(Limit limit, long tokens) {
        return tokens == 0 ? this : new WindowCount(start, taken + tokens);
    }

    @Override
    public long retryAfter(Limit limit, long tokens) {
        return tokens > ((Limit.Window) limit).amount() ? Long.MAX_VALUE : left(limit);
    }

    @Override
    public long fullAfter(Limit limit) {
        return taken == 0 ? 0 : left(limit);
    }

    @Override
    public long forgettableAfter(Limit limit) {
        return taken == 0 ? 0 : left(limit) + SLACK_NANOS;
    }

    private static long left(Limit limit) {
        return BucketCount.nanos(((Limit.Window) limit).left());
    }
}
