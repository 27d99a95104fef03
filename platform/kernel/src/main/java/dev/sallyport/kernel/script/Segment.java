package dev.sallyport.kernel.script;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What runs on a worker, from one await of a script to the next. */
final class Segment implements Runnable {

    private enum State {
        WAITING,
        STARTED,
        /** It was cut off and does not end. */
        STUCK,
        ENDED,
        ABANDONED
    }

    private final Lease lease;
    private final ScriptEngine engine;
    private final Consumer<ScriptContext> code;
    private final long endsAt;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch done = new CountDownLatch(1);
    private long takenAt;
    private volatile long threadId;
    private volatile long mayAllocateTo = Long.MAX_VALUE;
    private volatile long mayRunTo = Long.MAX_VALUE;
    private volatile @Nullable Throwable failure;

    /** @param endsAt by when it must have ended, by the system's nano time */
    Segment(Lease lease, ScriptEngine engine, Consumer<ScriptContext> code, long endsAt) {
        this.lease = lease;
        this.engine = engine;
        this.code = code;
        this.endsAt = endsAt;
    }

    @Override
    public void run() {
        if (!state.compareAndSet(State.WAITING, State.STARTED)) {
            return;
        }
        try {
            ScriptContext context = lease.context();
            long before = engine.watchdog().allocated();
            long cpuBefore = engine.watchdog().cpuNanos();
            mayAllocateTo = before + lease.memoryLeft();
            mayRunTo = cpuBefore + lease.cpuLeft();
            threadId = Thread.currentThread().threadId();
            try {
                code.accept(context);
            } finally {
                lease.used(
                        engine.watchdog().allocated() - before,
                        engine.watchdog().cpuNanos() - cpuBefore);
            }
        } catch (Throwable e) {
            // All of it goes to the thread that waits for this segment.
            failure = e;
        } finally {
            if (!state.compareAndSet(State.STARTED, State.ENDED)) {
                engine.workers().freed(script());
            }
            done.countDown();
        }
    }

    Script script() {
        return lease.script();
    }

    /** When a worker took it, by the system's nano time; used by the workers alone. */
    long takenAt() {
        return takenAt;
    }

    void taken(long nanos) {
        takenAt = nanos;
    }

    /**
     * Gives it up, where it was cut off long enough ago: nobody waits for it any more.
     *
     * @param where what its thread is in
     */
    void giveUp(StackTraceElement where) {
        if (state.compareAndSet(State.STARTED, State.STUCK)) {
            try {
                engine.workers().stuck(script(), where);
            } finally {
                done.countDown();
            }
        }
    }

    /** Has nobody wait for it any more, since nothing will run it or end it. */
    void close() {
        lease.cut("the gateway is stopping");
        if (state.compareAndSet(State.WAITING, State.ABANDONED) || state.compareAndSet(State.STARTED, State.STUCK)) {
            done.countDown();
        }
    }

    /**
     * Waits for its end. Without a time: one for each of these waits costs a timer and its thread's turn, and the watchdog
     * looks at the time anyway.
     */
    void await() throws InterruptedException {
        done.await();
    }

    boolean isDone() {
        return done.getCount() == 0;
    }

    boolean isOverTime(long now) {
        return now - endsAt > 0;
    }

    /** Cuts it off, and has nobody wait for it where it has not begun. */
    void overTime() {
        lease.overTime();
        if (state.compareAndSet(State.WAITING, State.ABANDONED)) {
            done.countDown();
        }
    }

    /** After its context was ended: when this returns it never starts, has ended, or was given up. */
    void abandon() {
        if (state.compareAndSet(State.WAITING, State.ABANDONED)) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What it threw; null where it did not. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** The thread that it runs on; 0 while it waits for one. What it may use is known once this is. */
    long threadId() {
        return threadId;
    }

    long mayAllocateTo() {
        return mayAllocateTo;
    }

    long mayRunTo() {
        return mayRunTo;
    }

    boolean isOverdue() {
        return lease.isOverdue();
    }

    void overCpu() {
        lease.overCpu();
    }

    void overMemory() {
        lease.cut("more than " + lease.script().limits().memory() + " of memory allocated (limits.memory)");
    }
}
