package dev.sallyport.api;

/**
 * A {@link Store} is away: it did not answer in time, refused, or is known to be away and was not asked. It has no cause: one
 * would belong to the plugin of the store.
 */
public final class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message what is away and why, in a sentence; no secrets */
    public StoreUnavailableException(String message) {
        super(message, null, false, false); // thrown for each request while a store is away: no stack is needed
    }
}
