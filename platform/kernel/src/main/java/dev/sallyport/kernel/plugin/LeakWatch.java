package dev.sallyport.kernel.plugin;

import dev.sallyport.kernel.doctor.ControlLoader;
import dev.sallyport.kernel.doctor.Doctor;
import dev.sallyport.kernel.doctor.Finding;
import dev.sallyport.kernel.doctor.Kind;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Proves that unloaded plugins are really gone: the doctor examines each when it is unloaded, and its class loader is
 * followed by a phantom reference until the collector has taken it. One that the collector spares twice is examined once
 * more. Asks for no collection. Thread-safe.
 */
final class LeakWatch {

    /** How long after unloading a plugin has for what it has under way. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The first collection may only have made something unreachable for the next. */
    private static final int COLLECTIONS = 2;

    private static final int MOST_NOTED = 50;

    private final Clock clock;
    private final Doctor doctor = new Doctor();
    private final ReentrantLock lock = new ReentrantLock();
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final Set<Retired> unreclaimed = new LinkedHashSet<>();
    private final Map<String, Known> known = new TreeMap<>();
    private final Deque<LoaderReport.Metaspace> metaspace = new ArrayDeque<>();
    private @Nullable WeakReference<ClassLoader> control;
    private int collections;

    LeakWatch(Clock clock) {
        this.clock = clock;
    }

    /** What is known of one plugin id. */
    private static final class Known {
        private final Map<Artefact, Instant> live = new HashMap<>();
        private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        private final Deque<LoaderReport.Noted> noted = new ArrayDeque<>();
        private long retired;
    }

    private static final class Retired extends PhantomReference<ClassLoader> {
        private final Artefact artefact;
        private final WeakReference<ArtefactClassLoader> loader;
        private final Instant since;
        private final int collections;
        private final List<Finding> findings;
        private boolean examined;

        private Retired(
                Artefact artefact,
                ArtefactClassLoader loader,
                ReferenceQueue<ClassLoader> queue,
                Instant since,
                int collections,
                List<Finding> findings) {
            super(loader, queue);
            this.artefact = artefact;
            this.loader = new WeakReference<>(loader);
            this.since = since;
            this.collections = collections;
            this.findings = findings;
        }
    }

    void loaded(Artefact artefact) {
        lock.lock();
        try {
            of(artefact).live.put(artefact, clock.instant());
        } finally {
            lock.unlock();
        }
    }

    /** Before a loader is closed that nobody uses any more. */
    void retiring(Artefact artefact, ArtefactClassLoader loader) {
        List<Finding> findings = doctor.unloading(loader.patient());
        lock.lock();
        try {
            tick();
            Known plugin = of(artefact);
            plugin.live.remove(artefact);
            plugin.retired++;
            note(plugin, findings);
            unreclaimed.add(new Retired(artefact, loader, collected, clock.instant(), collections, findings));
            keep(sample());
        } finally {
            lock.unlock();
        }
    }

    /** Looks once: at the oldest loader that outlived the collector and was not examined again yet. */
    void look() {
        Retired each = due();
        ArtefactClassLoader loader = each == null ? null : each.loader.get();
        if (each != null && loader != null) {
            List<Finding> findings = doctor.survived(loader.patient(), each.findings);
            lock.lock();
            try {
                note(of(each.artefact), findings);
            } finally {
                lock.unlock();
            }
        }
    }

    private @Nullable Retired due() {
        lock.lock();
        try {
            drain();
            Instant limit = clock.instant().minus(PATIENCE);
            Retired due = unreclaimed.stream()
                    .filter(each -> !each.examined && hasOutlived(each) && !each.since.isAfter(limit))
                    .findFirst()
                    .orElse(null);
            if (due != null) {
                due.examined = true;
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    LoaderReport report() {
        lock.lock();
        try {
            drain();
            List<LoaderReport.Plugin> plugins = new ArrayList<>();
            known.forEach((id, plugin) -> plugins.add(report(id, plugin)));
            List<LoaderReport.Metaspace> samples = new ArrayList<>(metaspace);
            samples.add(sample());
            return new LoaderReport(plugins, samples);
        } finally {
            lock.unlock();
        }
    }

    private LoaderReport.Plugin report(String id, Known plugin) {
        return new LoaderReport.Plugin(
                id,
                plugin.live.entrySet().stream()
                        .map(each -> new LoaderReport.Live(
                                each.getKey().version(), each.getKey().sha256(), each.getValue()))
                        .sorted(Comparator.comparing(LoaderReport.Live::since))
                        .toList(),
                plugin.retired,
                unreclaimed.stream()
                        .filter(each -> each.artefact.id().equals(id))
                        .map(each -> new LoaderReport.Unreclaimed(
                                each.artefact.version(), each.artefact.sha256(), each.since, hasOutlived(each)))
                        .toList(),
                List.copyOf(plugin.noted),
                plugin.counts);
    }

    private Known of(Artefact artefact) {
        return known.computeIfAbsent(artefact.id(), id -> new Known());
    }

    private void note(Known plugin, List<Finding> findings) {
        for (Finding finding : findings) {
            plugin.counts.merge(finding.kind(), 1L, Long::sum);
            plugin.noted.add(new LoaderReport.Noted(clock.instant(), finding));
            if (plugin.noted.size() > MOST_NOTED) {
                plugin.noted.removeFirst();
            }
        }
    }

    private void drain() {
        tick();
        for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
            unreclaimed.remove(gone);
        }
    }

    private boolean hasOutlived(Retired retired) {
        return collections - retired.collections >= COLLECTIONS;
    }

    /** Counts the collections that unload classes; several between two looks count as one. */
    private void tick() {
        if (control == null || control.refersTo(null)) {
            if (control != null) {
                collections++;
            }
            control = ControlLoader.watch();
        }
    }

    private void keep(LoaderReport.Metaspace sample) {
        metaspace.add(sample);
        if (metaspace.size() > MOST_NOTED) {
            metaspace.removeFirst();
        }
    }

    private LoaderReport.Metaspace sample() {
        long used = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .findFirst()
                .map(usage -> usage.getUsed())
                .orElse(0L);
        long retired = known.values().stream().mapToLong(each -> each.retired).sum();
        return new LoaderReport.Metaspace(clock.instant(), retired, used);
    }
}
