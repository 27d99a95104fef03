package dev.sallyport.plugins.console;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** What was counted of one thing, such as a route, since it was last taken. Thread-safe; counting takes no lock. */
final class Tally {

    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicIntegerArray durations = new AtomicIntegerArray(Buckets.COUNT);

    /** Whether something was counted since it was last taken: there are few then, of many, to be looked at. */
    private final AtomicInteger busy = new AtomicInteger();

    /**
     * Counts one.
     *
     * @return whether it is the first one since it was last taken
     */
    boolean add(boolean error, int bucket) {
        durations.getAndIncrement(bucket);
        if (error) {
            errors.getAndIncrement();
        }
        return busy.get() == 0 && busy.compareAndSet(0, 1);
    }

    /** What was counted, which begins at zero then. For one thread. */
    Count take() {
        busy.set(0); // first: what is counted meanwhile makes it busy again
        int[] taken = new int[Buckets.COUNT];
        int all = 0;
        for (int i = 0; i < taken.length; i++) {
            taken[i] = durations.get(i) == 0 ? 0 : durations.getAndSet(i, 0);
            all += taken[i];
        }
        return new Count(all, errors.getAndSet(0), taken);
    }
}
