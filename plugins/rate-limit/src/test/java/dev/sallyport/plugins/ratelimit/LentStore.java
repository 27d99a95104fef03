package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import java.time.Duration;
import java.util.List;

/** A store that can be away, and counts how often it is asked to take. */
final class LentStore implements Store {

    private final Store store;
    volatile boolean away;
    int calls;

    LentStore(Store store) {
        this.store = store;
    }

    private Store here() {
        if (away) {
            throw new StoreUnavailableException("Redis is away");
        }
        return store;
    }

    @Override
    public List<Take> take(String key, List<Limit> limits, long tokens) {
        calls++;
        return here().take(key, limits, tokens);
    }

    @Override
    public List<Take> charge(String key, List<Limit> limits, long tokens) {
        return here().charge(key, limits, tokens);
    }

    @Override
    public Entry enter(String key, String holder, long most, Duration expires) {
        return here().enter(key, holder, most, expires);
    }

    @Override
    public void leave(String key, String holder) {
        here().leave(key, holder);
    }

    @Override
    public String get(String key) {
        return here().get(key);
    }

    @Override
    public void put(String key, String value, Duration expires) {
        here().put(key, value, expires);
    }

    @Override
    public boolean putIfAbsent(String key, String value, Duration expires) {
        return here().putIfAbsent(key, value, expires);
    }

    @Override
    public boolean replace(String key, String expected, String value, Duration expires) {
        return here().replace(key, expected, value, expires);
    }

    @Override
    public byte[] getBytes(String key) {
        return here().getBytes(key);
    }

    @Override
    public void putBytes(String key, byte[] bytes, Duration expires) {
        here().putBytes(key, bytes, expires);
    }

    @Override
    public boolean remove(String key) {
        return here().remove(key);
    }
}
