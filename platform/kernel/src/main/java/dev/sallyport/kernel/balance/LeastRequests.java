package dev.sallyport.kernel.balance;

import dev.sallyport.api.Request;

/**
 * Of two targets taken by chance, the one with fewer requests in flight for its weight: nearly as even as to look at all, and
 * many gateways that do so do not all run to the same one. Where both have as many, which idle ones have, the first stays, so
 * that weights count then too.
 */
final class LeastRequests implements Policy {

    @Override
    public int choose(View view, Request request) {
        if (view.size() == 1) {
            return 0;
        }
        int one = view.random();
        int other = view.size() == 2 ? 1 - one : other(view, one);
        long load = view.target(one).inFlight() * view.weight(other);
        long otherLoad = view.target(other).inFlight() * view.weight(one);
        return otherLoad < load ? other : one;
    }

    private static int other(View view, int one) {
        for (int tries = 0; tries < 3; tries++) {
            int other = view.random();
            if (other != one) {
                return other;
            }
        }
        return (one + 1) % view.size(); // one has nearly all of the weight
    }
}
