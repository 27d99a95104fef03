package dev.sallyport.plugins.fault;

import dev.sallyport.api.config.Percent;
import java.util.concurrent.atomic.AtomicLong;

/** Draws whom a fault meets: a sequence that is the same for the same seed. Thread-safe. */
final class Draws {

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final long seed;
    private final AtomicLong drawn = new AtomicLong();

    Draws(long seed) {
        this.seed = seed;
    }

    /** Whether the next one is among that share. */
    boolean next(Percent share) {
        long number = mixed(seed + GOLDEN * drawn.incrementAndGet());
        return (number >>> 11) * 0x1p-53 * 100 < share.value();
    }

    /** The finaliser of SplitMix64: each bit of the result depends on all of the number. */
    private static long mixed(long number) {
        long one = (number ^ number >>> 30) * 0xbf58476d1ce4e5b9L;
        long two = (one ^ one >>> 27) * 0x94d049bb133111ebL;
        return two ^ two >>> 31;
    }
}
