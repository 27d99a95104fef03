package dev.sallyport.kernel.balance;

import dev.sallyport.api.Request;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * In turn. Targets of one weight are counted through, without a lock; with others it is smooth weighted round-robin (the
 * algorithm of nginx, commit 52327e0627f4), which spreads the turns of a heavy target among those of the others: weights 5,
 * 1, 1 give {@code a a b a c a a}.
 */
final class RoundRobin implements Policy {

    private final Family family;
    private final AtomicInteger turn = new AtomicInteger();

    /** @param family keeps the credits of its targets, so that a change of the list does not begin anew */
    RoundRobin(Family family) {
        this.family = family;
    }

    @Override
    public int choose(View view, Request request) {
        return choose(view);
    }

    int choose(View view) {
        if (view.size() == 1) {
            return 0;
        }
        if (view.isEven()) {
            return Math.floorMod(turn.getAndIncrement(), view.size());
        }
        synchronized (family) {
            int best = 0;
            for (int i = 0; i < view.size(); i++) {
                view.target(i).credit += view.weight(i);
                if (view.target(i).credit > view.target(best).credit) {
                    best = i;
                }
            }
            view.target(best).credit -= view.total();
            return best;
        }
    }
}
