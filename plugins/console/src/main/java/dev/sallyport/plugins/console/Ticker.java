package dev.sallyport.plugins.console;

import com.sun.management.OperatingSystemMXBean;
import dev.sallyport.api.Json;
import dev.sallyport.api.telemetry.Metric;
import dev.sallyport.plugins.console.Key.By;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Once a second takes what was counted, keeps it, and tells those who look. It is one thread's; what others ask is synchronized.
 */
final class Ticker {

    /** Of how many seconds the map's rates are at most. */
    private static final int RECENT = 10;

    /** How many counts are kept for that, of some hundred bytes each: where more is busy, the seconds are fewer. */
    private static final int MOST_RECENT = 50_000;

    private static final int MOST_LISTED = 20;
    private static final int MOST_STATES = 50;
    private static final int SAVE_SECONDS = 60;
    private static final int FORGET_SECONDS = 3600;

    /** Reading all metrics may take a hundredth of the time at most. */
    private static final long PAUSE_FOR_READING = 100;

    private static final long PAUSE_FOR_SAVING = 500;
    private static final long LEAST_PAUSE_NANOS = 5_000_000_000L;

    private final Counters counters;
    private final History history;
    private final @Nullable HistoryFile file;
    private final Live live;
    private final Supplier<List<Metric>> metrics;
    private final Clock clock;
    private final Logger log;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Deque<Map<Key, Count>> recent = new ArrayDeque<>();
    private int recentCounts;
    private Set<Key> seen = new HashSet<>();
    private Set<Key> seenBefore = new HashSet<>();
    private volatile States states = States.NONE;
    private long readAgain = System.nanoTime();
    private long lastSecond;
    private int ticks;
    private int saveAt = SAVE_SECONDS;
    private volatile boolean claimed;

    /** Whether anybody has used this making of the console: one that is only planned keeps its hands from the file. */
    private volatile boolean used;

    /** @param file null where nothing is kept */
    Ticker(
            Counters counters,
            History history,
            @Nullable HistoryFile file,
            Live live,
            Supplier<List<Metric>> metrics,
            Clock clock,
            Logger log) {
        this.counters = counters;
        this.history = history;
        this.file = file;
        this.live = live;
        this.metrics = metrics;
        this.clock = clock;
        this.log = log;
    }

    void use() {
        if (!used) {
            used = true;
        }
    }

    /** A second has passed, about. */
    void tick() {
        try {
            second();
        } catch (RuntimeException e) { // else there would be no further one
            log.log(Level.WARNING, "figures of a second are lost", e);
        }
    }

    /** Somebody looks: what is kept is there for the first question already. */
    void look() {
        use();
        claim();
    }

    private synchronized void claim() {
        if (!claimed) {
            claimed = true;
            if (file != null) {
                file.claim();
            }
        }
    }

    private void second() {
        if (used) {
            claim();
        }
        long second =
                Math.max(clock.instant().getEpochSecond(), lastSecond); // a clock that is set back changes no past
        lastSecond = second;
        Map<Key, Count> counts = counters.take();
        remember(counts);
        if (file != null) {
            history.add(second, counts);
        } else if (live.isWatched()) {
            history.add(second, counts);
        }
        if (live.isWatched()) {
            var _ = readStates();
            live.tell(Json.write(json(second, counts)));
        }
        ticks++;
        if (file != null && claimed && ticks >= saveAt) {
            long before = System.nanoTime();
            file.write();
            long took = (System.nanoTime() - before) / 1_000_000;
            saveAt = ticks + (int) Math.max(SAVE_SECONDS, took * PAUSE_FOR_SAVING / 1000);
        }
        if (ticks % FORGET_SECONDS == 0) {
            seenBefore.addAll(seen);
            counters.forget(seenBefore);
            seenBefore = seen;
            seen = new HashSet<>();
        }
    }

    private synchronized void remember(Map<Key, Count> counts) {
        recent.addLast(counts);
        recentCounts += counts.size();
        while (recent.size() > RECENT || (recent.size() > 1 && recentCounts > MOST_RECENT)) {
            recentCounts -= recent.removeFirst().size();
        }
        seen.addAll(counts.keySet());
    }

    /**
     * What was counted in the last seconds.
     *
     * @param seconds how many these are, at least one
     */
    record Lately(Map<Key, Count> counts, int seconds) {}

    /** What was counted lately. */
    synchronized Lately lately() {
        Map<Key, Count> sum = new HashMap<>();
        recent.forEach(one -> one.forEach(
                (key, count) -> sum.computeIfAbsent(key, first -> new Count()).add(count)));
        return new Lately(sum, Math.max(1, recent.size()));
    }

    private Map<String, Object> json(long second, Map<Key, Count> counts) {
        Count all = counts.getOrDefault(Key.ALL, new Count());
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", second * 1000);
        json.put("rps", all.requests());
        json.put("errors", all.errors());
        json.put("p50", all.percentile(0.5));
        json.put("p95", all.percentile(0.95));
        json.put("p99", all.percentile(0.99));
        json.put("inFlight", counters.inFlight());
        json.put("cpu", round(Math.max(0, system.getProcessCpuLoad())));
        json.put("heap", round(heap.getMax() <= 0 ? 0 : heap.getUsed() / (double) heap.getMax()));
        json.put("routes", busiest(counts, By.ROUTE));
        json.put("upstreams", busiest(counts, By.UPSTREAM));
        json.put("consumers", busiest(counts, By.CONSUMER));
        json.put("states", states.troubles());
        return json;
    }

    private static List<Map<String, Object>> busiest(Map<Key, Count> counts, By by) {
        List<Map<String, Object>> list = new ArrayList<>();
        counts.entrySet().stream()
                .filter(each -> each.getKey().by() == by)
                .sorted(Comparator.comparingInt(
                                (Map.Entry<Key, Count> each) -> each.getValue().requests())
                        .reversed())
                .limit(MOST_LISTED)
                .forEach(each -> {
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put("name", each.getKey().name());
                    one.put("rps", each.getValue().requests());
                    one.put("errorRps", each.getValue().errors());
                    one.put("p99", each.getValue().percentile(0.99));
                    list.add(one);
                });
        return list;
    }

    /** What is not as it should be, from the metrics, seldom enough that reading them costs little. */
    synchronized States readStates() {
        long now = System.nanoTime();
        if (now - readAgain < 0) {
            return states;
        }
        states = States.of(metrics.get(), MOST_STATES);
        long took = System.nanoTime() - now;
        readAgain = now + Math.max(LEAST_PAUSE_NANOS, took * PAUSE_FOR_READING);
        return states;
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
