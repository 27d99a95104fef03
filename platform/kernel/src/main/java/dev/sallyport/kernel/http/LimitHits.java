package dev.sallyport.kernel.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;

/**
 * Counts what the limits of listeners refuse and cut off, and says so in the log: of one limit of one listener once in ten
 * seconds at most, whatever clients do. Thread-safe.
 */
public final class LimitHits {

    private static final Logger LOG = System.getLogger("listener");

    private final Map<String, Map<Limit, Seldom>> counts = new ConcurrentHashMap<>();

    /** The limits, as they are written under {@code limits}. */
    public enum Limit {
        URI("uri"),
        HEADERS("headers"),
        HEADER_COUNT("headerCount"),
        MAX_BODY("maxBody"),
        CONNECTIONS("connections"),
        CONNECTIONS_PER_ADDRESS("connectionsPerAddress"),
        HEADER_TIMEOUT("headerTimeout"),
        BODY_TIMEOUT("bodyTimeout"),
        BODY_RATE("bodyRate"),
        SEND_TIMEOUT("sendTimeout"),
        STREAM_IDLE("streamIdle"),
        CONTROL_FRAMES("http2.controlFrames");

        private final String key;

        Limit(String key) {
            this.key = key;
        }

        /** Its key. */
        public String key() {
            return key;
        }
    }

    /**
     * A limit did its work.
     *
     * @param who the address of the client
     */
    void hit(String listener, Limit limit, Object who) {
        Seldom count = counts.computeIfAbsent(listener, name -> fresh()).get(limit);
        long times = count == null ? 0 : count.happened();
        if (times > 0) {
            LOG.log(
                    Level.WARNING,
                    "listener {0}: limits.{1} was met, {2} times since this was last told, now by {3}",
                    listener,
                    limit.key(),
                    Long.toString(times),
                    who);
        }
    }

    private static Map<Limit, Seldom> fresh() {
        Map<Limit, Seldom> all = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            all.put(limit, new Seldom());
        }
        return all;
    }

    /** How often that limit of that listener has done its work. */
    public long count(String listener, Limit limit) {
        Map<Limit, Seldom> own = counts.get(listener);
        Seldom count = own == null ? null : own.get(limit);
        return count == null ? 0 : count.count();
    }

    /** All counts above zero, of one listener. */
    public void forEach(String listener, ObjLongConsumer<Limit> action) {
        new TreeMap<>(counts.getOrDefault(listener, Map.of())).forEach((limit, count) -> {
            if (count.count() > 0) {
                action.accept(limit, count.count());
            }
        });
    }

    /** The listeners of which any limit was met. */
    public Iterable<String> listeners() {
        return counts.keySet();
    }
}
