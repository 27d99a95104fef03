package dev.sallyport.kernel.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fixed map from text that is asked with a part of a longer text, so that no substring is made. Open addressing, half
 * full at most. Its keys come from the configuration only, so a client cannot fill it with colliding ones.
 */
final class RegionMap<V> {

    private final @Nullable String[] keys;
    private final @Nullable Object[] values;

    RegionMap(Map<String, ? extends V> entries) {
        int capacity = Integer.highestOneBit(Math.max(2, entries.size() * 2 - 1)) << 1;
        keys = new String[capacity];
        values = new Object[capacity];
        entries.forEach((key, value) -> {
            int slot = slot(key, 0, key.length());
            while (keys[slot] != null) {
                slot = slot + 1 & keys.length - 1;
            }
            keys[slot] = key;
            values[slot] = value;
        });
    }

    /** The value of that part of the text; null where there is none. */
    @SuppressWarnings("unchecked") // only values of this type were put in
    @Nullable
    V get(String text, int from, int to) {
        int length = to - from;
        int slot = slot(text, from, to);
        while (true) {
            String key = keys[slot];
            if (key == null) {
                return null;
            }
            if (key.length() == length && text.startsWith(key, from)) {
                return (V) values[slot];
            }
            slot = slot + 1 & keys.length - 1;
        }
    }

    private int slot(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        hash *= 0x9E3779B9;
        return (hash ^ hash >>> 16) & keys.length - 1;
    }
}
