package dev.sallyport.plugins.analytics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was counted in one span of time. For one thread, and not changed any more once others have it. */
final class Slice {

    private final Map<Key, Totals> series = new HashMap<>();
    private final SpaceSaving paths;
    private final List<Sample> samples = new ArrayList<>();
    private final int mostSamples;

    /** An empty one; how many combinations it has is up to those who add them. */
    Slice(int mostPaths, int mostSamples) {
        this.mostSamples = mostSamples;
        paths = new SpaceSaving(mostPaths);
    }

    Map<Key, Totals> series() {
        return series;
    }

    List<SpaceSaving.Entry> paths() {
        return paths.entries();
    }

    List<Sample> samples() {
        return samples;
    }

    void add(Key key, Totals totals) {
        series.computeIfAbsent(key, each -> Totals.ofSums()).add(totals);
    }

    /** As it was read: nothing else has that key. */
    void put(Key key, Totals totals) {
        series.put(key, totals);
    }

    void addPaths(List<SpaceSaving.Entry> entries) {
        paths.add(entries);
    }

    void add(Sample sample) {
        if (samples.size() < mostSamples) {
            samples.add(sample);
        }
    }
}
