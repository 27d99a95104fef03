package dev.sallyport.kernel.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run on: those of a plugin's class, those that run its code or will, and those that have its context class
 * loader. Executors of the former are shut down, timers emptied, other threads interrupted, and one that does not end then
 * is reported; the latter only get another context class loader.
 */
final class StrayThreads implements Check {

    /** For threads that {@code close()} has told to end, and that are about to. */
    private static final Duration GRACE = Duration.ofMillis(100);

    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(250);

    /** @param of the plugin's class that shows whose it is; null where only its context class loader does */
    private record Stray(
            Thread thread, @Nullable Object task, @Nullable String of) {

        String name() {
            String quoted = "'" + thread.getName() + "'";
            String kind = thread.isVirtual() ? "virtual thread" : "thread";
            String named = thread.getName().isEmpty() ? "a " + kind : "the " + kind + " " + quoted;
            return of == null ? named : named + " of " + of;
        }
    }

    /** What was done about a thread, to be told once it is known whether it ended. */
    private record Treated(Stray stray, Kind kind, String what, String outcome) {}

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        List<Stray> strays = new ArrayList<>(find(patient));
        await(strays.stream().map(Stray::thread), GRACE);
        strays.removeIf(stray -> !stray.thread().isAlive());
        if (strays.isEmpty()) {
            return;
        }
        List<Treated> treated = new ArrayList<>();
        Set<Object> done = new HashSet<>();
        for (Stray stray : strays) {
            if (stray.of() == null) {
                stray.thread().setContextClassLoader(ClassLoader.getSystemClassLoader());
                if (!isOfTheRuntime(stray.thread())) {
                    findings.accept(Finding.healed(
                            patient,
                            Kind.CONTEXT_CLASS_LOADER,
                            "its context class loader to " + stray.name(),
                            "replaced by the gateway's"));
                }
            } else {
                treated.add(treat(stray, done));
            }
        }
        await(treated.stream().map(each -> each.stray().thread()), AFTER_INTERRUPT);
        for (Treated each : treated) {
            if (each.stray().thread().isAlive()) {
                findings.accept(
                        Finding.unhealed(patient, each.kind(), each.what(), "the thread ignores its interruption"));
            } else if (!each.outcome().isEmpty()) {
                findings.accept(Finding.healed(patient, each.kind(), each.what(), each.outcome()));
            }
        }
    }

    private static List<Stray> find(Patient patient) {
        return Stream.concat(AllThreads.platform().stream(), AllThreads.virtual().stream())
                .filter(thread -> thread != Thread.currentThread() && !Cleaners.isCleaner(thread))
                .map(thread -> stray(thread, patient))
                .flatMap(Stream::ofNullable)
                .toList();
    }

    private static @Nullable Stray stray(Thread thread, Patient patient) {
        Object task = isTimer(thread) ? Internals.read(thread, "queue") : AllThreads.task(thread);
        String of = patient.owns(thread) ? Reach.readable(thread.getClass()) : patient.reachedFrom(task);
        if (of == null) {
            of = AllThreads.running(thread, patient.loader());
        }
        return of != null || patient.loader().equals(thread.getContextClassLoader())
                ? new Stray(thread, task, of)
                : null;
    }

    /** Started for all when the first needed it, which is nobody's fault. */
    private static boolean isOfTheRuntime(Thread thread) {
        Class<?> type = thread.getClass();
        return type.getClassLoader() == null && type != Thread.class && !thread.isVirtual() && !isTimer(thread);
    }

    /** @param done what was shut down already: an executor has several threads */
    private static Treated treat(Stray stray, Set<Object> done) {
        Thread thread = stray.thread();
        ExecutorService pool = pool(stray);
        if (pool != null) {
            boolean first = done.add(pool);
            pool.shutdownNow();
            return new Treated(stray, Kind.EXECUTOR, "the executor of " + stray.name(), first ? "shut down" : "");
        }
        if (isTimer(thread) && empty(thread)) {
            return new Treated(stray, Kind.TIMER, "the timer of " + stray.name(), "cancelled");
        }
        thread.interrupt();
        Kind kind = thread.isVirtual() ? Kind.VIRTUAL_THREAD : Kind.THREAD;
        return new Treated(stray, kind, stray.name(), "interrupted");
    }

    private static @Nullable ExecutorService pool(Stray stray) {
        if (stray.thread() instanceof ForkJoinWorkerThread worker) {
            boolean own = !worker.getPool().equals(ForkJoinPool.commonPool())
                    && !worker.getClass().getName().startsWith("jdk.internal.");
            return own ? worker.getPool() : null;
        }
        return stray.task() != null && Internals.read(stray.task(), "this$0") instanceof ThreadPoolExecutor pool
                ? pool
                : null;
    }

    private static boolean isTimer(Thread thread) {
        return thread.getClass().getName().equals("java.util.TimerThread");
    }

    /** As {@code Timer.cancel()} does, which needs the timer itself. */
    private static boolean empty(Thread timer) {
        Object queue = Internals.read(timer, "queue");
        if (queue == null) {
            return false;
        }
        synchronized (queue) {
            boolean ends = Internals.write(timer, "newTasksMayBeScheduled", false);
            Internals.call(queue, "clear");
            queue.notifyAll();
            return ends;
        }
    }

    private static void await(Stream<Thread> threads, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        threads.forEach(thread -> {
            long left = end - System.nanoTime();
            if (left > 0) {
                try {
                    thread.join(Duration.ofNanos(left));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }
}
