package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Limit;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store of values that can be away, shows what is in it, and counts how often it is read. */
final class LentStore implements Store {

    private final Store store;
    private final ConcurrentMap<String, String> written = new ConcurrentHashMap<>();
    final AtomicInteger reads = new AtomicInteger();
    volatile boolean away;

    LentStore(Store store) {
        this.store = store;
    }

    /** All that was ever written last. */
    Collection<String> values() {
        return written.values();
    }

    private Store here() {
        if (away) {
            throw new StoreUnavailableException("Redis is away");
        }
        return store;
    }

    private Store writing(String key, String value) {
        Store here = here();
        written.put(key, value);
        return here;
    }

    @Override
    public @Nullable String get(String key) {
        reads.incrementAndGet();
        return here().get(key);
    }

    @Override
    public void put(String key, String value, Duration expires) {
        writing(key, value).put(key, value, expires);
    }

    @Override
    public boolean putIfAbsent(String key, String value, Duration expires) {
        return writing(key, value).putIfAbsent(key, value, expires);
    }

    @Override
    public boolean replace(String key, String expected, String value, Duration expires) {
        return writing(key, value).replace(key, expected, value, expires);
    }

    @Override
    public boolean remove(String key) {
        return here().remove(key);
    }

    @Override
    public byte @Nullable [] getBytes(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putBytes(String key, byte[] bytes, Duration expires) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Take> take(String key, List<Limit> limits, long tokens) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Take> charge(String key, List<Limit> limits, long tokens) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Entry enter(String key, String holder, long most, Duration expires) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void leave(String key, String holder) {
        throw new UnsupportedOperationException();
    }
}
