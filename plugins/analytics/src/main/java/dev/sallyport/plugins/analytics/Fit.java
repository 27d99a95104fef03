package dev.sallyport.plugins.analytics;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which combinations of many minutes stay apart in their hour, where there are too many: those that came most often. Of the
 * others clients are taken together, then consumers, then all. Immutable.
 */
final class Fit {

    private final boolean fits;
    private final Set<Key> kept = new HashSet<>();

    /**
     * One for these.
     *
     * @param counts how often each came
     * @param most how many may stay apart
     */
    Fit(Map<Key, Long> counts, int most) {
        fits = counts.size() <= most;
        if (!fits) {
            Map<Key, Long> left = keep(counts, most / 2);
            left = keep(together(left, false), most - most / 4);
            keep(together(left, true), most - 1);
        }
    }

    /** Keeps the most frequent until there are so many, and tells the others. */
    private Map<Key, Long> keep(Map<Key, Long> counts, int most) {
        Map<Key, Long> left = new HashMap<>(counts);
        counts.entrySet().stream()
                .sorted(Map.Entry.<Key, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.comparing(Key::toString))))
                .map(Map.Entry::getKey)
                .takeWhile(key -> kept.contains(key) || kept.size() < most)
                .forEach(key -> {
                    kept.add(key);
                    left.remove(key);
                });
        return left;
    }

    private static Map<Key, Long> together(Map<Key, Long> counts, boolean consumers) {
        Map<Key, Long> sums = new HashMap<>();
        counts.forEach(
                (key, count) -> sums.merge(consumers ? key.withoutConsumer() : key.withoutClient(), count, Long::sum));
        return sums;
    }

    /** What that one is counted as. */
    Key of(Key key) {
        if (fits || kept.contains(key)) {
            return key;
        }
        Key networks = key.withoutClient();
        if (kept.contains(networks)) {
            return networks;
        }
        Key consumers = key.withoutConsumer();
        return kept.contains(consumers) ? consumers : Key.ALL;
    }
}
