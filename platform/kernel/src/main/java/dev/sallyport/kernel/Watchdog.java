package dev.sallyport.kernel;

import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.StepNode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Keeps exchanges running when steps burn processor time on virtual threads, which are not pre-empted: as many of them as
 * there are carriers would stop everything.
 *
 * <p>A platform thread asks a virtual one for a sign of life, again and again; seldom while no exchange runs. When that is
 * late, and exchanges are seen that run without parking, the carriers are doubled at once; where none is seen, one is added,
 * and later. What still runs a while later is named in the log, once. When all is well for a while, carriers are taken back.
 * Past the bound {@link #isAlive} tells so, and {@code livez} fails.
 */
final class Watchdog implements AutoCloseable {

    private static final Logger LOG = System.getLogger("watchdog");

    /** How often the heart is asked for a beat. */
    private static final long BEAT_MILLIS = 15;

    /** The same while no exchange runs. */
    private static final long REST_MILLIS = 50;

    /** So long without a beat is late where hogs are seen: what other exchanges feel. */
    private static final long LATE_MILLIS = 40;

    /** So long is late whatever is seen. */
    private static final long STUCK_MILLIS = 100;

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
    private final ExecutorService naming = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("watchdog naming").factory());
    private final Set<String> named = new HashSet<>(); // for that thread alone
    private final Thread heart;
    private final Thread watcher;
    private volatile boolean closed;

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
            LockSupport.park(this);
        }
    }

    private void watch() {
        long calmSince = System.nanoTime();
        long seen = 0;
        long late = 0;
        boolean resting = false;
        while (!closed) {
            long start = System.nanoTime();
            pause(resting ? REST_MILLIS : BEAT_MILLIS);
            long beat = lastBeat.get();
            if (beat != seen) {
                seen = beat;
                late = 0;
                LockSupport.unpark(heart);
            } else {
                // Where this thread was late too, the JVM or the machine stood still, which no carrier mends.
                late += Math.min(millisSince(start), 2 * BEAT_MILLIS);
            }
            resting = late == 0 && exchanges.get().isEmpty();
            if (late >= LATE_MILLIS) {
                if (rescue(beat, late >= STUCK_MILLIS)) {
                    late = 0;
                }
                calmSince = System.nanoTime();
            } else if (extraCarriers() > 0 && millisSince(calmSince) > CALM_MILLIS) {
                if (!isHogged()) {
                    scheduler.setParallelism(scheduler.getParallelism() - 1);
                }
                calmSince = System.nanoTime();
            }
        }
    }

    /** Adds carriers where they are needed; whether they were. */
    private boolean rescue(long beat, boolean stuck) {
        boolean hogged = isHogged();
        if (lastBeat.get() != beat || (!hogged && !stuck)) {
            return false;
        }
        stalls.incrementAndGet();
        // Nothing runs but what occupies all carriers, and as many again may wait for the next ones.
        int now = scheduler.getParallelism();
        int wanted = Math.min(hogged ? 2 * now + 1 : now + 1, carriers + mostExtraCarriers);
        if (wanted > now) {
            scheduler.setParallelism(wanted);
        }
        naming.execute(this::nameHogs);
        return true;
    }

    /** Names those that still run a while later: who was merely slow is no news. */
    private void nameHogs() {
        pause(NAMED_MILLIS);
        Set<LiveExchange> all = exchanges.get();
        named.retainAll(all.stream().map(LiveExchange::id).collect(Collectors.toSet()));
        for (LiveExchange hog : all) {
            if (!isHog(hog) || !named.add(hog.id())) {
                continue;
            }
            StepNode step = hog.current();
            LOG.log(
                    Level.WARNING,
                    "{0}: request {1} has kept a carrier busy; exchanges had to wait, {2} carriers added so far\n{3}",
                    step == null ? "the kernel" : step.name(),
                    hog.id(),
                    extraCarriers(),
                    Stacks.of(hog.thread(), 10));
        }
    }

    /** Whether there is a hog. No more is asked: each look at one waits until the machine lets that one run. */
    private boolean isHogged() {
        return exchanges.get().stream().anyMatch(this::isHog);
    }

    /** Whether its thread runs, and makes no progress from step to step between two looks. */
    private boolean isHog(LiveExchange exchange) {
        int progress = exchange.progress();
        if (!isOnCarrier(exchange.thread())) {
            return false;
        }
        pause(5);
        return exchange.progress() == progress && isOnCarrier(exchange.thread());
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
        naming.shutdownNow();
    }
}
