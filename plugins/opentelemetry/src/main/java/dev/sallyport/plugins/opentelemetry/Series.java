package dev.sallyport.plugins.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The attributes of series by what they are made of: made once, and only so many. What comes beyond goes into one series more,
 * by the name that the specification has for it. Thread-safe.
 *
 * @param <K> what a series is made of; a record
 */
final class Series<K> {

    static final Attributes OVERFLOW = Attributes.of(AttributeKey.booleanKey("otel.metric.overflow"), true);

    private final Map<K, Attributes> made = new ConcurrentHashMap<>();
    private final Function<K, Attributes> maker;
    private final int most;

    Series(int most, Function<K, Attributes> maker) {
        this.most = most;
        this.maker = maker;
    }

    Attributes of(K key) {
        Attributes known = made.get(key);
        if (known != null) {
            return known;
        }
        // Threads that meet here may pass the bound by as many as they are, no more.
        return made.size() >= most ? OVERFLOW : made.computeIfAbsent(key, maker);
    }

    boolean isFull() {
        return made.size() >= most;
    }
}
