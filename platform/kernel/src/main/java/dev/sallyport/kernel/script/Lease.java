package dev.sallyport.kernel.script;

import java.time.Duration;
import java.util.function.Consumer;
import org.graalvm.polyglot.PolyglotException;
import org.jspecify.annotations.Nullable;

/**
 * A context for one call: it runs the call's segments one after the other, and cuts the call off where it goes over a
 * limit. Used by the thread that waits for the call; {@link #cut} also by the watchdog.
 */
final class Lease {

    /** After which what was cut off ought to have ended: most does within some milliseconds. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final ScriptEngine engine;
    private final Script script;
    private final @Nullable ContextPool pool;
    private final boolean limited;
    private final Object lock = new Object();
    private @Nullable ScriptContext context;
    private @Nullable String cutBy;
    private long cutAt;
    private boolean over;
    private volatile long allocated;
    private volatile long cpuNanos;

    /**
     * @param pool where the worker takes a context that is free, when the first segment runs; null for none
     * @param context the one to use; null for one of the pool, or one that is made then
     * @param limited whether the script's limits of processor time and statements hold
     */
    Lease(
            ScriptEngine engine,
            Script script,
            @Nullable ContextPool pool,
            @Nullable ScriptContext context,
            boolean limited) {
        this.engine = engine;
        this.pool = pool;
        this.script = script;
        this.context = context;
        this.limited = limited;
    }

    Script script() {
        return script;
    }

    /**
     * Has a worker run a segment and waits for its end.
     *
     * @param nanos how long that may take
     * @throws ScriptException where it threw or was cut off
     * @throws InterruptedException where this thread was interrupted; the call is cut off then
     */
    void run(Consumer<ScriptContext> code, long nanos) throws InterruptedException {
        if (nanos <= 0) { // used up while it waited for a body, say
            overTime();
        }
        String before = cutBy();
        if (before != null) {
            throw Failures.cutOff(script, before, null);
        }
        Segment segment = new Segment(this, engine, code, System.nanoTime() + nanos);
        engine.watchdog().begin(segment);
        try {
            engine.workers().run(segment);
            segment.await();
        } catch (InterruptedException e) {
            cut("given up by the gateway");
            segment.abandon();
            throw e;
        } catch (RuntimeException | Error e) { // no thread for it: it must not run later, when nobody waits
            cut("not begun");
            segment.abandon();
            throw e;
        } finally {
            engine.watchdog().end(segment);
        }
        Throwable failure = segment.failure();
        String reason = cutBy();
        if (reason != null) {
            throw Failures.cutOff(script, reason, failure);
        }
        switch (failure) {
            case null -> {}
            case PolyglotException e
            when Failures.isCutOff(e) -> {
                String limit = engine.isClosing() ? "the gateway is stopping" : Failures.reason(e);
                cut(limit);
                throw Failures.cutOff(script, limit, e);
            }
            case PolyglotException e -> throw Failures.thrown(script, e);
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    /** The context, made where there is none yet; on a worker. */
    ScriptContext context() {
        synchronized (lock) {
            if (context != null) {
                return context;
            }
        }
        ScriptContext free = pool == null ? null : pool.free();
        ScriptContext made = free == null ? ScriptContext.create(engine, script, limited) : free;
        synchronized (lock) {
            context = made;
            if (cutBy != null) {
                engine.end(made);
                throw new IllegalStateException("cut off before it began");
            }
        }
        return made;
    }

    /** Ends the context and whatever runs in it; the first reason stays. */
    void cut(String reason) {
        synchronized (lock) {
            if (cutBy == null && !over) {
                cutBy = reason;
                cutAt = System.nanoTime();
                if (context != null) {
                    engine.end(context);
                }
            }
        }
    }

    /**
     * Ends the lease: from now on nothing cuts it off.
     *
     * @return the context, for further calls; null where there is none or it was ended
     */
    @Nullable
    ScriptContext take() {
        synchronized (lock) {
            over = true;
            return cutBy == null ? context : null;
        }
    }

    /** Whether it was cut off so long ago that it ought to have ended. */
    boolean isOverdue() {
        synchronized (lock) {
            return cutBy != null && System.nanoTime() - cutAt > GRACE.toNanos();
        }
    }

    /** How much processor time there is left; without end where that is not limited. */
    long cpuLeft() {
        return limited ? Math.max(0, script.limits().cpu().toNanos() - cpuNanos) : Long.MAX_VALUE >> 1;
    }

    void overTime() {
        cut("not done after " + script.limits().wall().toMillis() + "ms (limits.wall)");
    }

    void overCpu() {
        cut("more than " + script.limits().cpu().toMillis() + "ms of processor time (limits.cpu)");
    }

    long memoryLeft() {
        return Math.max(0, script.limits().memory().bytes() - allocated);
    }

    /** Adds what a segment has used. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Segments of one lease never overlap.
    void used(long bytes, long nanos) {
        allocated += bytes;
        cpuNanos += nanos;
    }

    private @Nullable String cutBy() {
        synchronized (lock) {
            return cutBy;
        }
    }
}
