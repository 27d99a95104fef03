package dev.sallyport.kernel.plugin;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Proves that unloaded plugins are really gone: each closed class loader is followed by a phantom reference until the
 * collector has taken it. It asks for no collection, so a loader counts as unreclaimed until the next one. Thread-safe.
 */
final class LeakWatch {

    /** How long after unloading a thread may run on before it is named. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger("plugins");

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final Set<Retired> unreclaimed = new HashSet<>();
    private final Map<String, Integer> live = new TreeMap<>();
    private final Map<String, Long> retired = new TreeMap<>();

    LeakWatch(Clock clock) {
        this.clock = clock;
    }

    private static final class Retired extends PhantomReference<ClassLoader> {
        private final Artefact artefact;
        private final Instant since;
        private boolean inspected;

        private Retired(Artefact artefact, ClassLoader loader, ReferenceQueue<ClassLoader> queue, Instant since) {
            super(loader, queue);
            this.artefact = artefact;
            this.since = since;
        }
    }

    void loaded(Artefact artefact) {
        lock.lock();
        try {
            live.merge(artefact.id(), 1, Integer::sum);
        } finally {
            lock.unlock();
        }
    }

    void retired(Artefact artefact, ClassLoader loader) {
        lock.lock();
        try {
            live.merge(artefact.id(), -1, Integer::sum);
            retired.merge(artefact.id(), 1L, Long::sum);
            unreclaimed.add(new Retired(artefact, loader, collected, clock.instant()));
        } finally {
            lock.unlock();
        }
    }

    /** Looks once, and names in the log the threads that keep a loader; each loader is inspected once. */
    void look() {
        boolean due = false;
        lock.lock();
        try {
            drain();
            Instant limit = clock.instant().minus(PATIENCE);
            for (Retired each : unreclaimed) {
                if (!each.inspected && !each.since.isAfter(limit)) {
                    each.inspected = true;
                    due = true;
                }
            }
        } finally {
            lock.unlock();
        }
        if (due) {
            strayThreads()
                    .forEach(each -> LOG.log(
                            System.Logger.Level.WARNING,
                            "{0}: it keeps the unloaded plugin in memory; the plugin must end it in close()",
                            each));
        }
    }

    LoaderReport report() {
        lock.lock();
        try {
            drain();
            List<LoaderReport.Plugin> plugins = new ArrayList<>();
            live.forEach((id, count) -> plugins.add(new LoaderReport.Plugin(
                    id,
                    count,
                    retired.getOrDefault(id, 0L),
                    (int) of(id).count(),
                    of(id).map(each -> each.since).min(Instant::compareTo).orElse(null))));
            return new LoaderReport(plugins, unreclaimed.isEmpty() ? List.of() : strayThreads());
        } finally {
            lock.unlock();
        }
    }

    private Stream<Retired> of(String id) {
        return unreclaimed.stream().filter(each -> each.artefact.id().equals(id));
    }

    private void drain() {
        for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
            unreclaimed.remove(gone);
        }
    }

    /** Platform threads only: nobody can list the virtual ones. */
    private static List<String> strayThreads() {
        List<String> strays = new ArrayList<>();
        for (Thread thread : threads()) {
            ArtefactClassLoader loader = closed(thread.getContextClassLoader());
            if (loader == null) {
                loader = closed(thread.getClass().getClassLoader());
            }
            if (loader != null) {
                strays.add(
                        "thread '" + thread.getName() + "' of the plugin " + loader + " runs on after it was unloaded");
            }
        }
        return strays;
    }

    private static @Nullable ArtefactClassLoader closed(@Nullable ClassLoader loader) {
        return loader instanceof ArtefactClassLoader artefact && artefact.isClosed() ? artefact : null;
    }

    private static List<Thread> threads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        // Threads may start while they are listed; one that does not fit is seen at the next look.
        Thread[] threads = new Thread[root.activeCount() + 64];
        int count = root.enumerate(threads, true);
        return Arrays.asList(threads).subList(0, count);
    }
}
