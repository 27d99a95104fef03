package dev.sallyport.plugins.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes whoever fails to log in wait, by the address that tries: the first few failures are free, each later one doubles the
 * wait, up to a minute. What was long ago is forgotten. Thread-safe, and bounded whatever addresses there are.
 */
final class Throttle {

    private static final int FREE = 5;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration FORGOTTEN = Duration.ofMinutes(15);
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Map<String, Failures> byPeer = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST;
        }
    };

    private record Failures(int count, Instant last) {}

    Throttle(Clock clock) {
        this.clock = clock;
    }

    /** How many seconds that address is to wait before it may try; 0 for none. */
    synchronized long secondsToWait(String peer) {
        Failures failures = byPeer.get(peer);
        if (failures == null || failures.count < FREE) {
            return 0;
        }
        Instant until =
                failures.last.plusSeconds(Math.min(LONGEST.toSeconds(), 1L << Math.min(failures.count - FREE, 30)));
        long left = Duration.between(clock.instant(), until).toMillis();
        return left <= 0 ? 0 : 1 + (left - 1) / 1000;
    }

    /** It has failed. */
    synchronized void failed(String peer) {
        Instant now = clock.instant();
        Failures before = byPeer.get(peer);
        int earlier = before == null || Duration.between(before.last, now).compareTo(FORGOTTEN) > 0 ? 0 : before.count;
        byPeer.put(peer, new Failures(earlier + 1, now));
    }

    /** It has not. */
    synchronized void succeeded(String peer) {
        byPeer.remove(peer);
    }
}
