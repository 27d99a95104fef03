package dev.sallyport.kernel.admin;

import dev.sallyport.api.config.Rate;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often each caller of the admin API calls: an even rate, of which as much as its time allows may come at once. Thread-safe.
 * There are as many callers as tokens, and as addresses whose time is not over.
 */
final class CallRate {

    /** Above that, those are forgotten whose time is over: they are as if they had never called. */
    private static final int MANY = 1000;

    private final ConcurrentHashMap<String, Long> times = new ConcurrentHashMap<>();

    /** Whether there are so many callers that those whom nothing but an address names are no more told apart. */
    boolean isFull() {
        return times.size() > MANY;
    }

    /**
     * Counts a call.
     *
     * @param nanos now, by the clock of {@link System#nanoTime}
     * @return 0 where it may be, else how many nanoseconds to wait
     */
    long take(String caller, Rate rate, long nanos) {
        long each = Math.max(1, rate.per().toNanos() / rate.amount());
        long ahead = rate.per().toNanos() - each;
        if (times.size() > MANY) {
            times.values().removeIf(next -> next - nanos < 0);
        }
        long[] wait = {0};
        times.compute(caller, (name, next) -> {
            long due = next == null || next - nanos < 0 ? nanos : next;
            wait[0] = Math.max(0, due - nanos - ahead);
            return wait[0] > 0 ? due : due + each;
        });
        return wait[0];
    }
}
