package dev.sallyport.kernel.script;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks every few milliseconds at how much memory the segments that run have allocated and how long they have run, and how
 * long they and those that wait for a thread have taken; cuts off calls that went over their limit, and gives up those that
 * were cut off and do not end. The engine could count processor time too, but not inside its own functions, and for a
 * tenth of what a small call costs. It rests while there is none. One platform thread; thread-safe.
 */
final class Watchdog implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("javascript");
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int IDLE_TICKS = 500;
    private static final long REST = TimeUnit.SECONDS.toNanos(10);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Workers workers;
    private final Set<Segment> segments = ConcurrentHashMap.newKeySet();
    private final Set<ContextPool> pools = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean resting;
    private volatile boolean closed;

    Watchdog(Workers workers) {
        this.workers = workers;
        thread = Thread.ofPlatform().name("script-watchdog").daemon(true).start(this::watch);
    }

    /** Bytes that the calling thread has allocated so far. */
    long allocated() {
        return threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
    }

    /** Processor time that the calling thread has used so far. */
    long cpuNanos() {
        return threads.getCurrentThreadCpuTime();
    }

    /** Begins to look at it, before it waits for a thread. */
    void begin(Segment segment) {
        segments.add(segment);
        if (resting) {
            LockSupport.unpark(thread);
        }
    }

    void end(Segment segment) {
        segments.remove(segment);
    }

    /** Has the pool let go of idle contexts from time to time. */
    void add(ContextPool pool) {
        pools.add(pool);
    }

    void remove(ContextPool pool) {
        pools.remove(pool);
    }

    private void watch() {
        int idle = 0;
        while (!closed) {
            if (!segments.isEmpty()) {
                idle = 0;
                segments.forEach(segment -> guarded(() -> check(segment)));
                guarded(workers::relieve);
            } else if (++idle > IDLE_TICKS) {
                idle = 0;
                resting = true;
                if (segments.isEmpty() && !closed) {
                    LockSupport.parkNanos(this, REST);
                }
                resting = false;
                pools.forEach(pool -> guarded(pool::trim));
            }
            LockSupport.parkNanos(this, TICK);
        }
        segments.forEach(segment -> guarded(segment::close));
    }

    /** All limits hang on this thread: one that the system refuses, say, must not end it. */
    private static void guarded(Runnable look) {
        try {
            look.run();
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.ERROR, "scripts: the watchdog goes on", e);
        }
    }

    private void check(Segment segment) {
        long now = System.nanoTime();
        long thread = segment.threadId();
        long allocated = thread == 0 ? 0 : threads.getThreadAllocatedBytes(thread);
        long cpu = thread == 0 ? 0 : threads.getThreadCpuTime(thread);
        if (segment.isDone()) {
            return; // else its thread may have used that for another one
        }
        if (segment.isOverTime(now)) {
            segment.overTime();
        }
        if (allocated > segment.mayAllocateTo()) {
            segment.overMemory();
        }
        if (cpu > segment.mayRunTo()) {
            segment.overCpu();
        }
        if (thread != 0 && segment.isOverdue()) {
            ThreadInfo info = threads.getThreadInfo(thread, 1);
            if (info != null && info.getStackTrace().length > 0) {
                segment.giveUp(info.getStackTrace()[0]);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
