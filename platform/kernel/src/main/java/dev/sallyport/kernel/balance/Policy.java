package dev.sallyport.kernel.balance;

import dev.sallyport.api.Request;

/** How a target is chosen. Thread-safe. */
@FunctionalInterface
interface Policy {

    /**
     * The index of the target to use.
     *
     * @param view at least one target
     */
    int choose(View view, Request request);

    /**
     * The same where the request alone decides it; -1 where turns, chance or load do. It changes nothing.
     *
     * @param view at least two targets
     */
    default int foresee(View view, Request request) {
        return -1;
    }
}
