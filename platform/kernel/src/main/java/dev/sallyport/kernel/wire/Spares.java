package dev.sallyport.kernel.wire;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Things that are costly to make, kept for whoever needs one next: as many as were in use at once of late. Those that
 * nobody needed for a while are let go. The last one that was given back is taken first, since it is in the processor's
 * caches yet. Thread-safe.
 *
 * @param <T> a buffer, or what else is used again
 */
public final class Spares<T> {

    private static final long A_WHILE = TimeUnit.SECONDS.toNanos(10);

    /** The clock is looked at once in so many times. */
    private static final int SELDOM = 1024;

    private final Supplier<T> maker;
    private final LongSupplier nanoTime;
    private @Nullable Object[] free = new Object[16];
    private int count;

    /** The smallest count since the last time that some were let go: so many were not needed. */
    private int fewest;

    private int given;
    private long letGoAt;

    /** @param maker makes one where there is none */
    public Spares(Supplier<T> maker) {
        this(maker, System::nanoTime);
    }

    Spares(Supplier<T> maker, LongSupplier nanoTime) {
        this.maker = maker;
        this.nanoTime = nanoTime;
        letGoAt = nanoTime.getAsLong();
    }

    /** One in any state, the caller's until it is given back. */
    public T take() {
        T spare = poll();
        return spare == null ? maker.get() : spare;
    }

    @SuppressWarnings("unchecked") // only give() puts something in
    private synchronized @Nullable T poll() {
        if (count == 0) {
            return null;
        }
        count--;
        fewest = Math.min(fewest, count);
        Object spare = free[count];
        free[count] = null;
        return (T) spare;
    }

    /** Takes one back that {@link #take} gave; it must not be used any more. */
    public synchronized void give(T spare) {
        if (count == free.length) {
            free = Arrays.copyOf(free, 2 * count);
        }
        free[count++] = spare;
        if (++given % SELDOM == 0 && nanoTime.getAsLong() - letGoAt >= A_WHILE) {
            letGo();
        }
    }

    private void letGo() {
        int kept = count - fewest;
        Arrays.fill(free, kept, count, null);
        count = kept;
        fewest = kept;
        letGoAt = nanoTime.getAsLong();
    }

    /** How many are kept now. */
    synchronized int count() {
        return count;
    }
}
