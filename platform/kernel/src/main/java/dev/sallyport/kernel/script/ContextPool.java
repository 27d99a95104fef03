package dev.sallyport.kernel.script;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The contexts of one loaded script. Thread-safe. */
final class ContextPool implements AutoCloseable {

    private static final long IDLE = TimeUnit.SECONDS.toNanos(30);

    private final ScriptEngine engine;
    private final Script script;
    private final Semaphore own;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private boolean closed;

    private record Idle(ScriptContext context, long since) {}

    /** @param most the most contexts that calls of this script hold at once */
    ContextPool(ScriptEngine engine, Script script, int most) {
        this.engine = engine;
        this.script = script;
        this.own = new Semaphore(most);
        engine.watchdog().add(this);
    }

    /** A context for a call, to be {@linkplain #giveBack given back}; null where none came free within that time. */
    @Nullable
    Lease lease(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        if (!own.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            return null;
        }
        boolean leased = false;
        try {
            if (!engine.contexts().tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return null;
            }
            leased = true;
        } finally {
            if (!leased) {
                own.release();
            }
        }
        return new Lease(engine, script, this, null, true);
    }

    /** The one that was used last, of those that are free: it is the warmest; null where none is. */
    @Nullable
    ScriptContext free() {
        synchronized (idle) {
            Idle free = idle.pollFirst();
            return free == null ? null : free.context();
        }
    }

    /** Whether a call of the script was cut off and does not end. */
    boolean isStuck() {
        return engine.workers().isStuck(script);
    }

    boolean isClosed() {
        synchronized (idle) {
            return closed;
        }
    }

    /** Ends a lease; the context serves further calls unless it was cut off. */
    void giveBack(Lease lease) {
        ScriptContext context = lease.take();
        if (context != null) {
            boolean kept = false;
            if (script.isReusing()) {
                context.rest();
                synchronized (idle) {
                    kept = !closed;
                    if (kept) {
                        idle.addFirst(new Idle(context, System.nanoTime()));
                    }
                }
            }
            if (!kept) {
                engine.end(context);
            }
        }
        engine.contexts().release();
        own.release();
    }

    /** Lets go of contexts that no call has needed for a while, but for one. */
    void trim() {
        long now = System.nanoTime();
        synchronized (idle) {
            for (Iterator<Idle> oldest = idle.descendingIterator(); idle.size() > 1 && oldest.hasNext(); ) {
                Idle candidate = oldest.next();
                if (now - candidate.since() < IDLE) {
                    return;
                }
                oldest.remove();
                engine.end(candidate.context());
            }
        }
    }

    /** Ends the contexts that are free, and those that calls hold as soon as these have ended. */
    @Override
    public void close() {
        engine.watchdog().remove(this);
        synchronized (idle) {
            closed = true;
            idle.forEach(free -> engine.end(free.context()));
            idle.clear();
        }
    }
}
