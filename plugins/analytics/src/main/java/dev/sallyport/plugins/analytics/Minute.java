package dev.sallyport.plugins.analytics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The minute that is being counted; thread-safe. Once {@link #seal sealed} it takes nothing any more. */
final class Minute {

    private final long number;
    private final String name;
    private final AnalyticsConfig config;
    private final LongAdder collapsed;
    private final Map<Key, Totals> series = new ConcurrentHashMap<>();
    private final SpaceSaving paths;
    private final List<Sample> samples = new ArrayList<>();
    private boolean sealed;

    /**
     * One that has nothing yet.
     *
     * @param number minutes since 1970
     * @param name the name of the file that it becomes
     * @param collapsed counts what is not counted apart
     */
    Minute(long number, String name, AnalyticsConfig config, LongAdder collapsed) {
        this.number = number;
        this.name = name;
        this.config = config;
        this.collapsed = collapsed;
        paths = new SpaceSaving(config.top());
    }

    long number() {
        return number;
    }

    String name() {
        return name;
    }

    int size() {
        return series.size();
    }

    /** False where it is sealed: then it belongs to a later one. */
    boolean add(Key key, boolean failed, long requestBytes, long responseBytes, long micros) {
        Totals totals = series.get(key);
        if (totals == null) {
            totals = open(key);
        }
        if (totals == null) {
            return false;
        }
        synchronized (totals) {
            if (totals.sealed) {
                return false;
            }
            totals.add(failed, requestBytes, responseBytes, micros);
            return true;
        }
    }

    private @Nullable Totals open(Key key) {
        synchronized (series) {
            if (sealed) {
                return null;
            }
            Key within = key.within(series.size(), config.series());
            if (!within.equals(key)) {
                collapsed.increment();
            }
            return series.computeIfAbsent(within, each -> Totals.ofOnes());
        }
    }

    /** A path that was asked for, and what is to be told of it where it failed. */
    void add(String path, @Nullable Supplier<Sample> failed) {
        synchronized (paths) {
            paths.add(path);
            if (failed != null && samples.size() < config.samples()) {
                samples.add(failed.get());
            }
        }
    }

    /** Ends it: what it has does not change any more. */
    Slice seal() {
        return slice(true);
    }

    /** How many requests it has by now. */
    long count() {
        long count = 0;
        for (Totals totals : series.values()) {
            synchronized (totals) {
                count += totals.count;
            }
        }
        return count;
    }

    /** What it has by now. */
    Slice soFar() {
        return slice(false);
    }

    private Slice slice(boolean last) {
        if (last) {
            synchronized (series) {
                sealed = true;
            }
        }
        Slice slice = new Slice(config.top(), config.samples());
        series.forEach((key, totals) -> {
            synchronized (totals) {
                totals.sealed |= last;
                slice.add(key, totals);
            }
        });
        synchronized (paths) {
            slice.addPaths(paths.entries());
            samples.forEach(slice::add);
        }
        return slice;
    }
}
