package dev.sallyport.kernel;

import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.StepNode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Keeps exchanges running when steps burn processor time on virtual threads, which are not pre-empted: as many of them as
 * there are carriers would stop everything.
 *
 * <p>A heartbeat on a virtual thread is watched from a platform thread. When it is late, and exchanges are seen that run
 * without parking, as many carriers are added at once as those occupy; where none is seen, one, and later. What still runs
 * then is named in the log, once. When all is well for a while, carriers are taken back. Past the bound {@link #isAlive}
 * tells so, and {@code livez} fails.
 */
final class Watchdog implements AutoCloseable {

    private static final Logger LOG = System.getLogger("watchdog");

    /** How often the heart beats, and how often it is looked at. */
    private static final long BEAT_MILLIS = 15;

    /** So many looks in a row without a beat are late where hogs are seen: what other exchanges feel. */
    private static final int LATE_LOOKS = 3;

    /** So many are late whatever is seen. */
    private static final int STUCK_LOOKS = 7;

    private static final long NAMED_MILLIS = 100;
    private static final long DEAD_MILLIS = 10_000;
    private static final long CALM_MILLIS = 10_000;

    private final Supplier<Set<LiveExchange>> exchanges;
    private final int mostExtraCarriers;
    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final int carriers = scheduler.getParallelism();
    private final AtomicLong lastBeat = new AtomicLong(System.nanoTime());
    private final AtomicInteger stalls = new AtomicInteger();
    private final List<Suspect> suspects = new ArrayList<>(); // the watcher's own, as is what it has named
    private final Set<String> named = new HashSet<>();
    private final Thread heart;
    private final Thread watcher;
    private volatile boolean closed;

    /** An exchange whose thread ran when it was seen, and how far it had come. */
    private record Suspect(LiveExchange exchange, int progress, long since) {

        boolean stillRuns() {
            return exchange.progress() == progress && isOnCarrier(exchange.thread());
        }
    }

    Watchdog(Supplier<Set<LiveExchange>> exchanges, int mostExtraCarriers) {
        this.exchanges = exchanges;
        this.mostExtraCarriers = mostExtraCarriers;
        heart = Thread.ofVirtual().name("heartbeat").start(this::beat);
        watcher = Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
    }

    /** Whether exchanges still make progress. */
    boolean isAlive() {
        return millisSinceBeat() < DEAD_MILLIS;
    }

    /** How often exchanges had to wait for a carrier. */
    int stalls() {
        return stalls.get();
    }

    /** How many carriers have been added and not yet taken back. */
    int extraCarriers() {
        return scheduler.getParallelism() - carriers;
    }

    private void beat() {
        while (!closed) {
            lastBeat.set(System.nanoTime());
            pause(BEAT_MILLIS);
        }
    }

    private void watch() {
        long calmSince = System.nanoTime();
        long seen = 0;
        int missed = 0;
        while (!closed) {
            long start = System.nanoTime();
            pause(BEAT_MILLIS);
            long beat = lastBeat.get();
            if (beat != seen) {
                seen = beat;
                missed = 0;
            } else if (millisSince(start) < 2 * BEAT_MILLIS) {
                missed++; // else this thread was late too: a pause of the JVM or of the machine, which no carrier mends
            }
            nameWhatStillRuns();
            if (missed >= LATE_LOOKS) {
                if (rescue(beat, missed >= STUCK_LOOKS)) {
                    missed = 0;
                }
                calmSince = System.nanoTime();
            } else if (extraCarriers() > 0 && millisSince(calmSince) > CALM_MILLIS) {
                if (hogs().isEmpty()) {
                    scheduler.setParallelism(scheduler.getParallelism() - 1);
                    named.clear();
                }
                calmSince = System.nanoTime();
            }
        }
    }

    /** Adds carriers where they are needed; whether they were. */
    private boolean rescue(long beat, boolean stuck) {
        List<Suspect> hogs = hogs();
        if (lastBeat.get() != beat || (hogs.isEmpty() && !stuck)) {
            return false;
        }
        stalls.incrementAndGet();
        int wanted = Math.max(scheduler.getParallelism() + 1, hogs.size() + carriers);
        int most = carriers + mostExtraCarriers;
        if (scheduler.getParallelism() < most) {
            scheduler.setParallelism(Math.min(wanted, most));
        }
        suspects.addAll(hogs);
        return true;
    }

    private void nameWhatStillRuns() {
        while (!suspects.isEmpty() && millisSince(suspects.getFirst().since()) >= NAMED_MILLIS) {
            Suspect suspect = suspects.removeFirst();
            LiveExchange exchange = suspect.exchange();
            if (!suspect.stillRuns() || !named.add(exchange.id())) {
                continue;
            }
            StepNode step = exchange.current();
            LOG.log(
                    Level.WARNING,
                    "{0}: request {1} has kept a carrier busy; exchanges had to wait, {2} carriers added so far\n{3}",
                    step == null ? "the kernel" : step.name(),
                    exchange.id(),
                    extraCarriers(),
                    stack(exchange.thread()));
        }
    }

    /** The exchanges whose thread runs, and has made no progress from step to step between two looks. */
    private List<Suspect> hogs() {
        long now = System.nanoTime();
        List<Suspect> running = new ArrayList<>();
        for (LiveExchange exchange : exchanges.get()) {
            if (isOnCarrier(exchange.thread())) {
                running.add(new Suspect(exchange, exchange.progress(), now));
            }
        }
        if (running.isEmpty()) {
            return running;
        }
        pause(5);
        running.removeIf(one -> !one.stillRuns());
        return running;
    }

    /** A virtual thread that waits for a carrier is runnable too; but the top of its stack is where it was parked. */
    private static boolean isOnCarrier(Thread thread) {
        if (thread.getState() != Thread.State.RUNNABLE) {
            return false;
        }
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0
                && !stack[0].getClassName().equals("java.lang.VirtualThread")
                && !stack[0].getClassName().startsWith("jdk.internal.vm.");
    }

    private static String stack(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .limit(10)
                .map(frame -> "at " + frame)
                .collect(Collectors.joining("\n"));
    }

    private long millisSinceBeat() {
        return millisSince(lastBeat.get());
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }

    private void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        heart.interrupt();
        watcher.interrupt();
    }
}
