package dev.sallyport.kernel.step;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import java.time.Duration;
import java.util.List;

/**
 * A store that no plugin offers now: it is away.
 *
 * @param message why
 */
record MissingStore(String message) implements Store {

    @Override
    public List<Take> take(String key, List<Limit> limits, long tokens) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public List<Take> charge(String key, List<Limit> limits, long tokens) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public Entry enter(String key, String holder, long most, Duration expires) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public void leave(String key, String holder) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public String get(String key) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public void put(String key, String value, Duration expires) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public boolean putIfAbsent(String key, String value, Duration expires) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public boolean replace(String key, String expected, String value, Duration expires) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public byte[] getBytes(String key) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public void putBytes(String key, byte[] bytes, Duration expires) {
        throw new StoreUnavailableException(message);
    }

    @Override
    public boolean remove(String key) {
        throw new StoreUnavailableException(message);
    }
}
