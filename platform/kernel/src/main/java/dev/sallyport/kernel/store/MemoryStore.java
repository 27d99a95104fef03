package dev.sallyport.kernel.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Weigher;
import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The store {@code memory}: in this process, lost when it ends. Thread-safe.
 *
 * <ol>
 *   <li>Takes of one key are atomic, and exact to the nanosecond however large the limits are.
 *   <li>What is full again is forgotten, since a new one would be the same. So the number of keys is that of the callers who
 *       were seen within the time that their limits take to fill.
 *   <li>There are never more than so many keys for long. Beyond that the ones used least are forgotten, which fills their
 *       limits: callers who keep knocking are kept, those seen once go first. The same number bounds the keys that somebody
 *       is inside of, and the values, by themselves; a value counts once for each 256 characters, a log once for each 16
 *       takes.
 *   <li>Bytes have a bound of their own, in bytes. Beyond it those stay that are asked for most often (TinyLFU), so that a
 *       walk over everything once does not drive out what many want.
 * </ol>
 */
public final class MemoryStore implements Store {

    /** How many keys a gateway keeps where nothing else is said. */
    public static final long MAXIMUM_KEYS = 1_000_000;

    private static final int CHARACTERS_OF_A_KEY = 256;
    private static final int PART_FOR_BYTES = 4;
    private static final int BYTES_OF_AN_ENTRY = 200;

    private final LongSupplier nanoTime;
    private final Cache<String, Counts> counts;
    private final Cache<String, Room> rooms;
    private final Cache<String, Value> values;
    private final Cache<String, Bytes> bytes;

    /**
     * @param inside who is in it: changed in place
     * @param emptyAt when the last one has left by itself, in nanoseconds
     */
    private record Room(Inside inside, long emptyAt) {}

    /** @param until when it is gone, in nanoseconds */
    private record Value(String text, long until) {}

    /** @param until when they are gone, in nanoseconds */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    private record Bytes(byte[] kept, long until) {}

    /** An empty store that keeps up to a quarter of the memory that there is in bytes. */
    public MemoryStore(LongSupplier nanoTime, long maximumKeys) {
        this(nanoTime, maximumKeys, Runtime.getRuntime().maxMemory() / PART_FOR_BYTES);
    }

    /**
     * An empty store.
     *
     * @param nanoTime the time in nanoseconds from any origin, never going back: {@link System#nanoTime}, or a test's
     * @param maximumKeys the most keys kept; at least 1
     * @param maximumBytes how much of {@link #putBytes} is kept, their keys included; at least 1
     */
    public MemoryStore(LongSupplier nanoTime, long maximumKeys, long maximumBytes) {
        if (maximumKeys < 1) {
            throw new IllegalArgumentException("maximumKeys: " + maximumKeys + " (expected: 1 or more)");
        }
        this.nanoTime = nanoTime;
        counts = cache(maximumKeys, (key, count) -> count.weight(), Counts::forgettableAt);
        rooms = cache(maximumKeys, (key, room) -> 1, Room::emptyAt);
        bytes = cache(maximumBytes, (key, kept) -> BYTES_OF_AN_ENTRY + key.length() + kept.kept().length, Bytes::until);
        values = cache(maximumKeys, (key, value) -> 1 + value.text().length() / CHARACTERS_OF_A_KEY, Value::until);
    }

    private <V> Cache<String, V> cache(long maximumWeight, Weigher<String, V> weigher, ToLongFunction<V> until) {
        return Caffeine.newBuilder()
                .maximumWeight(maximumWeight)
                .weigher(weigher)
                .expireAfter(new Until<>(until))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run) // tidying is short, and no thread outlives the store
                .build();
    }

    @Override
    public List<Take> take(String key, List<Limit> limits, long tokens) {
        return take(key, limits, tokens, false);
    }

    @Override
    public List<Take> charge(String key, List<Limit> limits, long tokens) {
        return take(key, limits, tokens, true);
    }

    private List<Take> take(String key, List<Limit> limits, long tokens, boolean whatever) {
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: 0 or more)");
        }
        Counts.Taking taking = new Counts.Taking(nanoTime, limits, tokens, whatever);
        counts.asMap().compute(key, taking);
        return taking.takes();
    }

    @Override
    public Entry enter(String key, String holder, long most, Duration expires) {
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " (expected: 1 or more)");
        }
        AtomicReference<@Nullable Entry> entry = new AtomicReference<>();
        long stay = nanos(expires);
        rooms.asMap().compute(key, (sameKey, before) -> {
            Inside inside = before == null ? new Inside() : before.inside();
            long now = nanoTime.getAsLong();
            entry.set(inside.enter(now, holder, most, stay));
            return new Room(inside, before == null ? now + stay : Math.max(before.emptyAt(), now + stay));
        });
        return Objects.requireNonNull(entry.get());
    }

    @Override
    public void leave(String key, String holder) {
        rooms.asMap().computeIfPresent(key, (sameKey, before) -> before.inside().leave(holder) ? null : before);
    }

    @Override
    public @Nullable String get(String key) {
        Value value = values.getIfPresent(key);
        return value == null ? null : value.text();
    }

    @Override
    public void put(String key, String value, Duration expires) {
        values.put(key, value(value, expires));
    }

    @Override
    public boolean putIfAbsent(String key, String value, Duration expires) {
        return values.asMap().putIfAbsent(key, value(value, expires)) == null;
    }

    @Override
    public boolean replace(String key, String expected, String value, Duration expires) {
        AtomicBoolean replaced = new AtomicBoolean();
        values.asMap().computeIfPresent(key, (sameKey, before) -> {
            replaced.set(before.text().equals(expected));
            return replaced.get() ? value(value, expires) : before;
        });
        return replaced.get();
    }

    @Override
    public boolean remove(String key) {
        return values.asMap().remove(key) != null;
    }

    @Override
    public byte @Nullable [] getBytes(String key) {
        Bytes kept = bytes.getIfPresent(key);
        return kept == null ? null : kept.kept();
    }

    @Override
    public void putBytes(String key, byte[] kept, Duration expires) {
        bytes.put(key, new Bytes(kept, nanoTime.getAsLong() + nanos(expires)));
    }

    private Value value(String text, Duration expires) {
        return new Value(text, nanoTime.getAsLong() + nanos(expires));
    }

    private static long nanos(Duration expires) {
        if (expires.isNegative() || expires.isZero()) {
            throw new IllegalArgumentException("expires: " + expires + " (expected: above zero)");
        }
        return Math.min(BucketCount.nanos(expires), Long.MAX_VALUE / 2);
    }

    /** How many keys of takes are left once those that are full, or too many, have been forgotten. */
    long keys() {
        counts.cleanUp();
        return counts.estimatedSize();
    }

    /** How many values are left. */
    long values() {
        values.cleanUp();
        return values.estimatedSize();
    }

    /** How much memory the bytes take that are left. */
    long bytes() {
        bytes.cleanUp();
        return bytes.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    /** How many keys somebody is inside of. */
    long rooms() {
        rooms.cleanUp();
        return rooms.estimatedSize();
    }

    /** Lets an entry live until the moment that it says. */
    private record Until<V>(ToLongFunction<V> until) implements Expiry<String, V> {

        @Override
        public long expireAfterCreate(String key, V value, long currentTime) {
            return rest(value, currentTime);
        }

        @Override
        public long expireAfterUpdate(String key, V value, long currentTime, long currentDuration) {
            return rest(value, currentTime);
        }

        private long rest(V value, long now) {
            long end = until.applyAsLong(value);
            long rest = end - now;
            return end <= now ? 0 : rest < 0 ? Long.MAX_VALUE : rest;
        }

        @Override
        public long expireAfterRead(String key, V value, long currentTime, long currentDuration) {
            return currentDuration;
        }
    }
}
