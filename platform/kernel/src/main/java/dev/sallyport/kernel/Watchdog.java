package dev.sallyport.kernel;

import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.StepNode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Keeps exchanges running when steps burn processor time on virtual threads, which are not pre-empted: as many of them as
 * there are carriers would stop everything.
 *
 * <p>A heartbeat on a virtual thread is watched from a platform thread. When it is late, a carrier is added and the steps
 * that run without parking are named in the log; when all is well for a while, carriers are taken back. Past the bound
 * {@link #isAlive} tells so, and {@code livez} fails.
 */
final class Watchdog implements AutoCloseable {

    private static final Logger LOG = System.getLogger("watchdog");

    private static final long LATE_MILLIS = 100;
    private static final long DEAD_MILLIS = 10_000;
    private static final long CALM_MILLIS = 10_000;

    private final Supplier<Set<LiveExchange>> exchanges;
    private final int mostExtraCarriers;
    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final int carriers = scheduler.getParallelism();
    private final AtomicLong lastBeat = new AtomicLong(System.nanoTime());
    private final AtomicInteger stalls = new AtomicInteger();
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
            pause(20);
        }
    }

    private void watch() {
        long calmSince = System.nanoTime();
        while (!closed) {
            pause(25);
            if (millisSinceBeat() >= LATE_MILLIS) {
                rescue();
                calmSince = System.nanoTime();
            } else if (extraCarriers() > 0
                    && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - calmSince) > CALM_MILLIS
                    && hogs().isEmpty()) {
                scheduler.setParallelism(scheduler.getParallelism() - 1);
                calmSince = System.nanoTime();
            }
        }
    }

    private void rescue() {
        stalls.incrementAndGet();
        if (extraCarriers() < mostExtraCarriers) {
            scheduler.setParallelism(scheduler.getParallelism() + 1);
        }
        for (LiveExchange hog : hogs()) {
            StepNode step = hog.current();
            LOG.log(
                    Level.WARNING,
                    "{0}: request {1} has kept a carrier busy; exchanges had to wait, {2} carriers added so far\n{3}",
                    step == null ? "the kernel" : step.name(),
                    hog.id(),
                    extraCarriers(),
                    Stacks.of(hog.thread(), 10));
        }
        long patience = System.nanoTime();
        while (!closed
                && millisSinceBeat() >= LATE_MILLIS
                && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - patience) < LATE_MILLIS) {
            pause(5);
        }
    }

    /** The exchanges whose thread runs, and has made no progress from step to step between two looks. */
    private List<LiveExchange> hogs() {
        List<LiveExchange> running = new ArrayList<>();
        List<Integer> progress = new ArrayList<>();
        for (LiveExchange exchange : exchanges.get()) {
            if (isOnCarrier(exchange.thread())) {
                running.add(exchange);
                progress.add(exchange.progress());
            }
        }
        if (running.isEmpty()) {
            return running;
        }
        pause(10);
        List<LiveExchange> hogs = new ArrayList<>();
        for (int i = 0; i < running.size(); i++) {
            LiveExchange exchange = running.get(i);
            if (exchange.progress() == progress.get(i) && isOnCarrier(exchange.thread())) {
                hogs.add(exchange);
            }
        }
        return hogs;
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
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastBeat.get());
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
