package dev.sallyport.plugins.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Who fetches what: of many that miss the same one asks the upstream, and the others wait for it; but not for what turned
 * out just now not to be kept, for which they would wait in vain. Thread-safe.
 */
final class Flights {

    private static final Duration IN_VAIN = Duration.ofSeconds(10);
    private static final int MOST_IN_VAIN = 10_000;

    private static final int PLACES = 1_024;

    private final AtomicIntegerArray ends = new AtomicIntegerArray(PLACES);
    private final Map<String, Flight> underWay = new ConcurrentHashMap<>();
    private final Cache<String, Boolean> inVain = Caffeine.newBuilder()
            .maximumSize(MOST_IN_VAIN)
            .expireAfterWrite(IN_VAIN)
            .executor(Runnable::run)
            .build();

    /** One that fetches. It ends once, when what it fetched is kept, or is known not to be. */
    final class Flight {

        private final CacheKey.Of of;
        private final String key;
        private final CountDownLatch ended = new CountDownLatch(1);

        private Flight(CacheKey.Of of, String key) {
            this.of = of;
            this.key = key;
        }

        /** Lets those go on that wait: what was fetched is not kept. */
        void endInVain() {
            inVain.put(key, true);
            end();
        }

        /** Lets those go on that wait. */
        void end() {
            if (ended.getCount() == 0) {
                return; // it ends with its exchange at the latest, and mostly before
            }
            ends.incrementAndGet(place(of)); // first: who can begin the next one sees it
            underWay.remove(key, this);
            ended.countDown();
        }

        /** Waits for its end, but not for longer. */
        boolean await(Duration most) throws InterruptedException {
            return ended.await(most.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Begins one; null where another one is under way.
     *
     * @param key what those have in common that may wait for it
     */
    @Nullable
    Flight tryBegin(CacheKey.Of of, String key) {
        Flight flight = new Flight(of, key);
        return underWay.putIfAbsent(key, flight) == null ? flight : null;
    }

    /** Whether it is of no use to wait for who fetches it. */
    boolean isInVain(String key) {
        return inVain.getIfPresent(key) != null;
    }

    /** The one that is under way; null where none is. */
    @Nullable
    Flight underWay(String key) {
        return underWay.get(key);
    }

    /** Changes whenever one for that ends; now and then also when another one does. */
    int ended(CacheKey.Of of) {
        return ends.get(place(of));
    }

    private static int place(CacheKey.Of of) {
        return Math.floorMod(of.hashCode(), PLACES);
    }

    int count() {
        return underWay.size();
    }
}
