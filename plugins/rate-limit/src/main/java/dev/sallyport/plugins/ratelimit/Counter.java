package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store.Take;
import java.util.List;

/** What takes for a request: the store itself, or what this gateway has taken from it in advance. */
@FunctionalInterface
interface Counter {

    /**
     * Takes.
     *
     * @param smallest the least that any of the limits has to give
     * @throws dev.sallyport.api.StoreUnavailableException where the store is away
     */
    List<Take> take(String key, List<Limit> limits, long smallest, long cost);
}
