package dev.sallyport.kernel.store;

import dev.sallyport.api.Limit;
import dev.sallyport.api.config.Rate;
import java.time.Duration;

/**
 * A token bucket. Immutable.
 *
 * <p>What has run in since is worked out when it is next used. The level is kept as whole tokens and an exact fraction, so
 * nothing is lost to rounding however often it is asked. (The generic cell rate algorithm tells the same the other way
 * round, as the time at which the bucket will be full.)
 *
 * @param at when it was so, in nanoseconds
 * @param rate how fast it has been filling since
 * @param level the whole tokens in it; below 0 where some are owed
 * @param fraction what is in it of one more token, in parts of which a token has as many as the rate's time has
 *     nanoseconds
 */
record BucketCount(long at, Rate rate, long level, long fraction) implements Count {

    static BucketCount full(long now, Limit.Bucket limit) {
        return new BucketCount(now, limit.rate(), limit.burst(), 0);
    }

    BucketCount at(long now, Limit.Bucket limit) {
        long burst = limit.burst();
        Division run = Division.of(now - at, rate.amount(), fraction, nanos(rate.per()));
        boolean full = run.quotient() >= missing(burst);
        long there = full ? burst : level + run.quotient();
        long part = full || !limit.rate().equals(rate) ? 0 : run.remainder();
        return new BucketCount(now, limit.rate(), there, part);
    }

    @Override
    public long there(Limit limit) {
        return level;
    }

    @Override
    public BucketCount minus(Limit limit, long tokens) {
        // No more is owed than the bucket holds.
        long least = -((Limit.Bucket) limit).burst();
        long after = level - tokens;
        boolean overflow = level < 0 && after > 0;
        return new BucketCount(at, rate, overflow ? least : Math.max(least, after), fraction);
    }

    @Override
    public long retryAfter(Limit limit, long tokens) {
        return tokens > ((Limit.Bucket) limit).burst() ? Long.MAX_VALUE : fillNanos(missing(tokens));
    }

    @Override
    public long fullAfter(Limit limit) {
        long missing = missing(((Limit.Bucket) limit).burst());
        return missing == 0 ? 0 : fillNanos(missing);
    }

    /** How many tokens there are too few for that level. */
    private long missing(long wanted) {
        long missing = wanted - Math.min(level, wanted);
        return missing < 0 ? Long.MAX_VALUE : missing;
    }

    /** How long until that many tokens have run in, where part of the first one is there; rounded up. */
    private long fillNanos(long tokens) {
        long amount = rate.amount();
        return Division.of(tokens, nanos(rate.per()), amount - 1 - fraction, amount)
                .quotient();
    }

    /** The time in nanoseconds; one beyond 292 years counts as 292 years. */
    static long nanos(Duration time) {
        return time.toSeconds() >= Long.MAX_VALUE / 1_000_000_000 ? Long.MAX_VALUE : time.toNanos();
    }
}
