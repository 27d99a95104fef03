package dev.sallyport.kernel.store;

import dev.sallyport.api.Store.Entry;
import java.util.HashMap;
import java.util.Map;

/** Who is inside of something, and until when. For one thread at a time. */
final class Inside {

    private final Map<String, Long> holders = new HashMap<>();
    private long earliest = Long.MAX_VALUE;

    Entry enter(long now, String holder, long most, long expiresNanos) {
        if (now >= earliest) {
            holders.values().removeIf(until -> until <= now);
            earliest =
                    holders.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
        }
        if (!holders.containsKey(holder) && holders.size() >= most) {
            return new Entry(false, holders.size());
        }
        long until = now + expiresNanos < now ? Long.MAX_VALUE : now + expiresNanos;
        holders.put(holder, until);
        earliest = Math.min(earliest, until);
        return new Entry(true, holders.size());
    }

    /** Leaves, and tells whether it is empty then. */
    boolean leave(String holder) {
        holders.remove(holder);
        return holders.isEmpty();
    }
}
