package dev.sallyport.kernel.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.sallyport.api.Store;
import dev.sallyport.api.config.Rate;
import java.util.function.LongSupplier;

/**
 * The store {@code memory}: token buckets in this process, lost when it ends. Thread-safe.
 *
 * <ol>
 *   <li>Takes of one key are atomic, and exact to the nanosecond however large rate and burst are.
 *   <li>A bucket that is full again is forgotten, since a new one would be the same. So the number of keys is that of
 *       the callers who were seen within the time that a bucket takes to fill.
 *   <li>There are never more than so many keys for long. Beyond that the ones used least are forgotten, which fills
 *       their buckets: callers who keep knocking are kept, those seen once go first.
 * </ol>
 */
public final class MemoryStore implements Store {

    /** How many keys a gateway keeps where nothing else is said: about 60 MiB when all are in use. */
    public static final long MAXIMUM_KEYS = 200_000;

    private final LongSupplier nanoTime;
    private final Cache<String, Bucket> buckets;

    /**
     * An empty store.
     *
     * @param nanoTime the time in nanoseconds from any origin, never going back: {@link System#nanoTime}, or a test's
     * @param maximumKeys the most keys kept; at least 1
     */
    public MemoryStore(LongSupplier nanoTime, long maximumKeys) {
        if (maximumKeys < 1) {
            throw new IllegalArgumentException("maximumKeys: " + maximumKeys + " (expected: 1 or more)");
        }
        this.nanoTime = nanoTime;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(maximumKeys)
                .expireAfter(new WhenFull())
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run) // tidying is short, and no thread outlives the store
                .build();
    }

    @Override
    public Take take(String key, Rate rate, long burst, long tokens) {
        if (burst < 1) {
            throw new IllegalArgumentException("burst: " + burst + " (expected: 1 or more)");
        }
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: 0 or more)");
        }
        Bucket after = buckets.asMap().compute(key, (sameKey, before) -> {
            // Read in here, where no other taker of this key is: the times of one bucket never go back.
            long now = nanoTime.getAsLong();
            return (before == null ? Bucket.full(now, rate, burst) : before).take(now, rate, burst, tokens);
        });
        return after.take();
    }

    /** How many keys are left once those that are full, or too many, have been forgotten. */
    long keys() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    /** Lets a bucket live until the moment at which it is full. */
    private static final class WhenFull implements Expiry<String, Bucket> {

        @Override
        public long expireAfterCreate(String key, Bucket bucket, long currentTime) {
            return bucket.fullAfterNanos(currentTime);
        }

        @Override
        public long expireAfterUpdate(String key, Bucket bucket, long currentTime, long currentDuration) {
            return bucket.fullAfterNanos(currentTime);
        }

        @Override
        public long expireAfterRead(String key, Bucket bucket, long currentTime, long currentDuration) {
            return currentDuration;
        }
    }
}
