package dev.sallyport.plugins.cache;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who fetches what: of many that miss the same one asks the upstream, and the others wait for it. Thread-safe. */
final class Flights {

    private final Map<String, Flight> underWay = new ConcurrentHashMap<>();

    /** One that fetches. It ends once, when what it fetched is kept, or is known not to be. */
    final class Flight {

        private final String key;
        private final CountDownLatch ended = new CountDownLatch(1);

        private Flight(String key) {
            this.key = key;
        }

        /** Lets those go on that wait. */
        void end() {
            underWay.remove(key, this);
            ended.countDown();
        }

        /** Waits for its end, but not for longer. */
        boolean await(Duration most) throws InterruptedException {
            return ended.await(most.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Begins one; null where another one is under way. */
    @Nullable
    Flight tryBegin(String key) {
        Flight flight = new Flight(key);
        return underWay.putIfAbsent(key, flight) == null ? flight : null;
    }

    /** The one that is under way; null where none is. */
    @Nullable
    Flight underWay(String key) {
        return underWay.get(key);
    }

    int count() {
        return underWay.size();
    }
}
