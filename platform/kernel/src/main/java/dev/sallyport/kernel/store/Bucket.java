package dev.sallyport.kernel.store;

import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.Rate;
import java.time.Duration;

/**
 * A token bucket as it was at one moment, and the take that left it so. Immutable.
 *
 * <p>What has run in since then is worked out when it is next used. The level is kept as whole tokens and an exact
 * fraction, so nothing is lost to rounding however often it is asked. (The generic cell rate algorithm tells the same
 * the other way round, as the time at which the bucket will be full.)
 *
 * @param at when that was, in nanoseconds
 * @param rate how fast it has been filling since
 * @param level the whole tokens in it
 * @param fraction what is in it of one more token, in parts of which a token has as many as the rate's time has
 *     nanoseconds
 * @param take what came of the last take
 */
record Bucket(long at, Rate rate, long level, long fraction, Take take) {

    private static final Take NOTHING = new Take(true, 0, 0, 0);

    static Bucket full(long now, Rate rate, long burst) {
        return new Bucket(now, rate, burst, 0, NOTHING);
    }

    /** The bucket after that take. A new rate counts from now on, a smaller burst at once. */
    Bucket take(long now, Rate newRate, long burst, long tokens) {
        long time = Math.max(now, at);
        Division run = Division.of(time - at, rate.amount(), fraction, nanos(rate.per()));
        boolean full = run.quotient() >= burst - Math.min(level, burst);
        long there = full ? burst : level + run.quotient();
        long part = full || !newRate.equals(rate) ? 0 : run.remainder();

        boolean taken = tokens <= there;
        long left = taken ? there - tokens : there;
        long retryAfter = taken ? 0 : tokens > burst ? Long.MAX_VALUE : fillNanos(newRate, tokens - there, part);
        long fullAfter = left == burst ? 0 : fillNanos(newRate, burst - left, part);
        return new Bucket(time, newRate, left, part, new Take(taken, left, retryAfter, fullAfter));
    }

    /** How long after that moment it will be full. */
    long fullAfterNanos(long now) {
        return Math.max(0, take.fullAfterNanos() - (now - at));
    }

    /** How long until that many tokens have run in, where part of the first one is there; rounded up. */
    private static long fillNanos(Rate rate, long tokens, long part) {
        long amount = rate.amount();
        return Division.of(tokens, nanos(rate.per()), amount - 1 - part, amount).quotient();
    }

    /** The time in nanoseconds; one beyond 292 years counts as 292 years. */
    private static long nanos(Duration time) {
        return time.toSeconds() >= Long.MAX_VALUE / 1_000_000_000 ? Long.MAX_VALUE : time.toNanos();
    }
}
