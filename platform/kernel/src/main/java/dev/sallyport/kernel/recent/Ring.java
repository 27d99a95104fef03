package dev.sallyport.kernel.recent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A sample of what happens: some 100 a second at most, all where it is less, and the newest {@value #KEPT}. Thread-safe;
 * what is not in the sample costs one look at the clock.
 *
 * @param <T> what is kept of each
 */
final class Ring<T> {

    private static final int KEPT = 4096;
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final AtomicReferenceArray<@Nullable Kept<T>> ring = new AtomicReferenceArray<>(KEPT);
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong due = new AtomicLong(System.nanoTime());

    private record Kept<T>(long nanos, T what) {}

    /** Whether it is time for another one, which is to be {@linkplain #add added} then. */
    boolean isDue() {
        long now = System.nanoTime();
        long at = due.get();
        // The pause is of random length, so that no client's rhythm is hidden from it.
        return now - at >= 0
                && due.compareAndSet(at, now + ThreadLocalRandom.current().nextLong(PAUSE_NANOS));
    }

    void add(T what) {
        ring.set(next.getAndUpdate(i -> (i + 1) % KEPT), new Kept<>(System.nanoTime(), what));
    }

    /** Those of the last time, in no order. */
    List<T> within(Duration past) {
        long since = System.nanoTime() - past.toNanos();
        List<T> all = new ArrayList<>();
        for (int i = 0; i < KEPT; i++) {
            Kept<T> kept = ring.get(i);
            if (kept != null && kept.nanos() - since >= 0) {
                all.add(kept.what());
            }
        }
        return all;
    }
}
