package dev.sallyport.testkit;

import dev.sallyport.api.Store;
import dev.sallyport.api.config.Rate;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Token buckets in memory, by a clock that a test sets. It counts in exact fractions of a token (a token is as many
 * parts as its rate's time has nanoseconds), so that expected values can be worked out by hand.
 */
final class MemoryStore implements Store {

    private record Bucket(BigInteger parts, Rate rate, Instant at) {

        /** What is in it now, in parts of its own rate; there may be more than it holds. */
        BigInteger parts(Instant now) {
            long passed = Math.max(0, Duration.between(at, now).toNanos());
            return parts.add(BigInteger.valueOf(rate.amount()).multiply(BigInteger.valueOf(passed)));
        }
    }

    private final Clock clock;
    private final Map<String, Bucket> buckets = new HashMap<>();

    MemoryStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Take take(String key, Rate rate, long burst, long tokens) {
        if (burst < 1 || tokens < 0) {
            throw new IllegalArgumentException(
                    "burst " + burst + ", tokens " + tokens + " (expected: at least 1 and 0)");
        }
        BigInteger token = partsOfAToken(rate);
        BigInteger perNano = BigInteger.valueOf(rate.amount());
        BigInteger full = token.multiply(BigInteger.valueOf(burst));
        Bucket bucket = buckets.getOrDefault(key, new Bucket(full, rate, clock.instant()));
        Instant now = bucket.at.isAfter(clock.instant()) ? bucket.at : clock.instant();
        BigInteger parts = bucket.parts(now);
        if (!bucket.rate.equals(rate)) {
            parts = parts.divide(partsOfAToken(bucket.rate)).multiply(token);
        }
        parts = parts.min(full);

        BigInteger asked = token.multiply(BigInteger.valueOf(tokens));
        boolean taken = parts.compareTo(asked) >= 0;
        BigInteger left = taken ? parts.subtract(asked) : parts;
        buckets.put(key, new Bucket(left, rate, now));
        return new Take(
                taken,
                left.divide(token).longValueExact(),
                taken ? 0 : tokens > burst ? Long.MAX_VALUE : nanos(asked.subtract(parts), perNano),
                nanos(full.subtract(left), perNano));
    }

    private static BigInteger partsOfAToken(Rate rate) {
        return BigInteger.valueOf(rate.per().toNanos());
    }

    private static long nanos(BigInteger parts, BigInteger perNano) {
        return parts.add(perNano).subtract(BigInteger.ONE).divide(perNano).longValueExact();
    }
}
