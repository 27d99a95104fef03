package dev.sallyport.kernel.recent;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sample of how the exchanges of the last minutes ended. Thread-safe. */
public final class RecentExchanges {

    private final Ring<Ended> ring = new Ring<>();

    /**
     * How one ended.
     *
     * @param generation the one on which it ran
     * @param route null where it had none
     */
    public record Ended(int generation, @Nullable String route, int status, long nanos) {}

    /** Takes one into the sample, if it is time for one. */
    public void add(int generation, @Nullable String route, int status, long nanos) {
        if (ring.isDue()) {
            ring.add(new Ended(generation, route, status, nanos));
        }
    }

    /** Those of the last time, in no order. */
    public List<Ended> within(Duration past) {
        return ring.within(past);
    }
}
