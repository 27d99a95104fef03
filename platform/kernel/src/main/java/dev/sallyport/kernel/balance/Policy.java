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
}
