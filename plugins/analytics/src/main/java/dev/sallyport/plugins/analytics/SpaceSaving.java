package dev.sallyport.plugins.analytics;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The most frequent of very many values in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi, "Efficient Computation
 * of Frequent and Top-k Elements in Data Streams", 2005). A value that is not watched takes the place of the least frequent
 * one, and its count, as what it may be too high by. Whatever makes up more than one part in {@code most} of all is in it.
 * Not thread-safe.
 */
final class SpaceSaving {

    /**
     * A value.
     *
     * @param count how often it came, at most
     * @param over by how much that may be too high
     */
    record Entry(String value, long count, long over) {}

    private static final class Counter {
        private long count;
        private long over;
    }

    private final int most;
    private final Map<String, Counter> counters = new HashMap<>();

    SpaceSaving(int most) {
        this.most = most;
    }

    void add(String value) {
        Counter counter = counters.get(value);
        if (counter == null) {
            counter = new Counter();
            if (counters.size() >= most) {
                counter.over = leave();
                counter.count = counter.over;
            }
            counters.put(value, counter);
        }
        counter.count++;
    }

    private long leave() {
        Map.Entry<String, Counter> least = null;
        for (Map.Entry<String, Counter> each : counters.entrySet()) {
            if (least == null || each.getValue().count < least.getValue().count) {
                least = each;
            }
        }
        if (least == null) {
            return 0;
        }
        counters.remove(least.getKey());
        return least.getValue().count;
    }

    /** Adds what another one has seen; what it does not watch it may have seen as often as its least frequent one. */
    void add(List<Entry> entries) {
        for (Entry entry : entries) {
            Counter counter = counters.computeIfAbsent(entry.value(), value -> new Counter());
            counter.count += entry.count();
            counter.over += entry.over();
        }
        if (counters.size() > most) {
            List<Entry> kept = entries();
            counters.clear();
            for (Entry entry : kept.subList(0, most)) {
                Counter counter = new Counter();
                counter.count = entry.count();
                counter.over = entry.over();
                counters.put(entry.value(), counter);
            }
        }
    }

    /** The most frequent first. */
    List<Entry> entries() {
        return counters.entrySet().stream()
                .map(each -> new Entry(each.getKey(), each.getValue().count, each.getValue().over))
                .sorted(Comparator.comparingLong(Entry::count).reversed().thenComparing(Entry::value))
                .toList();
    }
}
