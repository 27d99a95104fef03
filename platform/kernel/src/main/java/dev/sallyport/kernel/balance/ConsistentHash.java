package dev.sallyport.kernel.balance;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import org.jspecify.annotations.Nullable;

/**
 * The same value, the same target: each target draws a number for the value, and the highest wins (rendezvous hashing,
 * Thaler and Ravishankar 1998). So the values of a target that leaves are spread over the others and all else stays, and they
 * come back with it. A heavy target draws with better luck, in proportion to its weight.
 */
final class ConsistentHash implements Policy {

    private final Expression by;
    private final @Nullable Double bound;
    private final Family family;
    private final RoundRobin otherwise;

    /** @param bound how many times its share of the requests in flight a target may have; null for any */
    ConsistentHash(Expression by, @Nullable Double bound, Family family) {
        this.by = by;
        this.bound = bound;
        this.family = family;
        otherwise = new RoundRobin(family);
    }

    @Override
    public int choose(View view, Request request) {
        String value = by.value(request);
        if (value == null) {
            return otherwise.choose(view);
        }
        long hash = Hash.of(value);
        int best = -1;
        double most = 0;
        int least = 0;
        double leastLoad = Double.MAX_VALUE;
        for (int i = 0; i < view.size(); i++) {
            if (bound != null) {
                double load = load(view, i);
                if (load < leastLoad) {
                    leastLoad = load;
                    least = i;
                }
                if (load > bound) {
                    continue;
                }
            }
            double draw = draw(hash, view, i);
            if (best < 0 || draw > most) {
                best = i;
                most = draw;
            }
        }
        return best < 0 ? least : best;
    }

    @Override
    public int foresee(View view, Request request) {
        return by.value(request) == null ? -1 : choose(view, request);
    }

    private static double draw(long hash, View view, int index) {
        long bits = Hash.mix(hash ^ view.target(index).urlHash()) >>> 11;
        double drawn = (bits + 0.5) * 0x1.0p-53;
        return view.isEven() ? drawn : -view.weight(index) / Math.log(drawn);
    }

    /** How many times its share it would have with one more; at least one request each is nobody's overload. */
    private double load(View view, int index) {
        int own = view.target(index).inFlight() + 1;
        double share = (family.inFlight().get() + 1.0) * view.weight(index) / view.total();
        return own == 1 ? 0 : own / Math.max(1, share);
    }
}
