package dev.sallyport.kernel.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fixed map from text that is asked with a part of a longer text, so that no substring is made. Open addressing, half
 * full at most. Its keys come from the configuration only, so a client cannot fill it with colliding ones.
 */
final class RegionMap<V> {

    /** A key and its value beside each other: with very many routes, what a lookup costs is memory that is far away. */
    private final @Nullable Object[] table;

    RegionMap(Map<String, ? extends V> entries) {
        int capacity = Integer.highestOneBit(Math.max(2, entries.size() * 2 - 1)) << 1;
        table = new Object[capacity * 2];
        entries.forEach((key, value) -> {
            int slot = slot(key, 0, key.length());
            while (table[slot] != null) {
                slot = slot + 2 & table.length - 1;
            }
            table[slot] = key;
            table[slot + 1] = value;
        });
    }

    /** The value of that part of the text; null where there is none. */
    @SuppressWarnings("unchecked") // only values of this type were put in
    @Nullable
    V get(String text, int from, int to) {
        int length = to - from;
        int slot = slot(text, from, to);
        while (true) {
            String key = (String) table[slot];
            if (key == null) {
                return null;
            }
            if (key.length() == length && text.startsWith(key, from)) {
                return (V) table[slot + 1];
            }
            slot = slot + 2 & table.length - 1;
        }
    }

    private int slot(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        hash *= 0x9E3779B9;
        return (hash ^ hash >>> 16) << 1 & table.length - 1;
    }
}
