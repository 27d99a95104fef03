package dev.sallyport.plugins.prometheus;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * A metric that has no more combinations of labels than it may: what comes beyond them is counted under one of which each label
 * says {@code other}. Those that nothing uses for long make room. Thread-safe.
 */
final class Bounded<M extends StatefulMetric<?, ?>> {

    static final String OTHER = "other";

    private final M metric;
    private final int most;
    private final long forgetNanos;
    private final Counter over;
    private final Map<List<String>, AtomicLong> usedAt = new ConcurrentHashMap<>();

    /** @param over counts what is beyond */
    Bounded(M metric, int most, Duration forget, Counter over) {
        this.metric = metric;
        this.most = most;
        this.forgetNanos = forget.toNanos();
        this.over = over;
    }

    M metric() {
        return metric;
    }

    /**
     * Counts something.
     *
     * @return the labels under which it was counted
     */
    List<String> use(List<String> labels, BiConsumer<M, String[]> what) {
        AtomicLong used = usedAt.get(labels);
        List<String> counted = labels;
        if (used == null) {
            // Two threads may both be the last one that fits: the bound is one of memory, and a few beyond it do no
            // harm.
            if (usedAt.size() < most) {
                used = usedAt.computeIfAbsent(labels, first -> new AtomicLong());
            } else {
                over.inc();
                counted = Collections.nCopies(labels.size(), OTHER);
            }
        }
        if (used != null) {
            used.setPlain(System.nanoTime());
        }
        what.accept(metric, counted.toArray(String[]::new));
        return counted;
    }

    /** The combinations that are counted by themselves. */
    Set<List<String>> labels() {
        return Set.copyOf(usedAt.keySet());
    }

    /**
     * Lets go of combinations that were not used for long.
     *
     * @return those
     */
    List<List<String>> forget() {
        long now = System.nanoTime();
        List<List<String>> forgotten = new ArrayList<>();
        usedAt.forEach((labels, used) -> {
            if (now - used.get() > forgetNanos && usedAt.remove(labels, used)) {
                metric.remove(labels.toArray(String[]::new));
                forgotten.add(labels);
            }
        });
        return forgotten;
    }
}
