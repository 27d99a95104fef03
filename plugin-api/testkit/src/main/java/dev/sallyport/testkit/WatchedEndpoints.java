package dev.sallyport.testkit;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Watches a {@link Discovery} as the gateway does: on a thread of its own, again after each failure (without the gateway's
 * longer pauses), until it is closed. Thread-safe.
 *
 * {@snippet :
 * try (WatchedEndpoints watched = WatchedEndpoints.of(discovery, new Discovery.Query("orders", null, "http"))) {
 *     watched.await("http://10.0.0.1:8080", "http://10.0.0.2:8080");
 * }
 * }
 */
public final class WatchedEndpoints implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 50;

    private final Discovery discovery;
    private final Discovery.Query query;
    private final List<List<Endpoint>> lists = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    private WatchedEndpoints(Discovery discovery, Discovery.Query query) {
        this.discovery = discovery;
        this.query = query;
        thread = Thread.ofVirtual().name("watch of " + query.service()).start(this::watch);
    }

    /** Begins to watch. */
    public static WatchedEndpoints of(Discovery discovery, Discovery.Query query) {
        return new WatchedEndpoints(discovery, query);
    }

    private void watch() {
        while (!closed) {
            try {
                discovery.watch(query, lists::add);
            } catch (Exception e) {
                if (!closed) {
                    failures.add(String.valueOf(e));
                }
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                // it is closed
            }
        }
    }

    /** The list told last. */
    public List<Endpoint> now() {
        if (lists.isEmpty()) {
            throw new AssertionError("nothing was told yet; failures: " + failures);
        }
        return lists.getLast();
    }

    /** All lists, in the order in which they were told. */
    public List<List<Endpoint>> lists() {
        return List.copyOf(lists);
    }

    /** What the watch has thrown, in order. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits until the list told last has exactly these URLs, in any order. */
    public WatchedEndpoints await(String... urls) {
        Set<String> expected = new TreeSet<>(List.of(urls));
        long start = System.nanoTime();
        while (lists.isEmpty() || !urls(lists.getLast()).equals(expected)) {
            waitFor("the endpoints " + expected, start);
        }
        return this;
    }

    /** Waits until the watch has failed at least that many times. */
    public void awaitFailures(int count) {
        long start = System.nanoTime();
        while (failures.size() < count) {
            waitFor(count + " failures", start);
        }
    }

    private void waitFor(String what, long start) {
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
            throw new AssertionError("waited for " + what + " in vain; told: " + lists + "; failures: " + failures);
        }
        LockSupport.parkNanos(10_000_000);
    }

    private static Set<String> urls(List<Endpoint> list) {
        return list.stream().map(endpoint -> endpoint.url().toString()).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Interrupts the watch and waits for its end.
     *
     * @throws AssertionError where it does not end
     */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (!thread.join(PATIENCE)) {
                throw new AssertionError("the watch does not end though it was interrupted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
