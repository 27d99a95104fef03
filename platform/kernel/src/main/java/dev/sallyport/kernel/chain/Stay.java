package dev.sallyport.kernel.chain;

import dev.sallyport.kernel.upstream.Cancellation;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange's stay on a generation: who still works for it, on which generation, and how it is made to leave. The last
 * one to leave releases the generation. Thread-safe; what it calls back is called without its lock.
 */
final class Stay {

    private final Thread thread = Thread.currentThread();
    private final Cancellation cancellation;
    private Generation generation;
    private int runners = 1;
    private boolean answered;
    private boolean left;
    private @Nullable IOException ended;
    private @Nullable Consumer<IOException> way;

    /**
     * A stay of this thread; the caller has acquired the generation.
     *
     * @param cancellation how it ends where nothing else is said
     */
    Stay(Generation generation, Cancellation cancellation) {
        this.generation = generation;
        this.cancellation = cancellation;
    }

    /** The thread that runs the chain, and writes the response. */
    Thread thread() {
        return thread;
    }

    /** Whether this is its thread, which may do something else by now. */
    synchronized boolean isOfThisThread() {
        return !left && Thread.currentThread() == thread;
    }

    synchronized Generation generation() {
        return generation;
    }

    /** Moves to another generation, unless all have left or that one is drained. */
    boolean move(Generation to) {
        if (!to.tryAcquire()) {
            return false;
        }
        Generation from = null;
        synchronized (this) {
            if (runners > 0) {
                from = generation;
                generation = to;
            }
        }
        (from == null ? to : from).release();
        return from != null;
    }

    synchronized void hold() {
        runners++;
    }

    /** Whether that was the last one; the generation must be released then. */
    synchronized boolean release() {
        return --runners == 0;
    }

    /** The chain has returned: no thread is in it any more, and what interrupted it is of no concern to what follows. */
    synchronized void answered() {
        answered = true;
        if (ended != null) {
            Thread.interrupted();
        }
    }

    synchronized boolean isAnswered() {
        return answered;
    }

    /** The thread does something else from now on: interrupts are none of its business, also one that has come already. */
    synchronized void leave() {
        left = true;
        if (ended != null) {
            Thread.interrupted();
        }
    }

    /** Interrupts the thread, while it works for the exchange. */
    synchronized void interrupt() {
        if (!left) {
            thread.interrupt();
        }
    }

    /** Why it was asked to end; null where it was not. */
    synchronized @Nullable IOException ended() {
        return ended;
    }

    /** Whether something else than the cancellation ends it. */
    synchronized boolean hasWay() {
        return way != null;
    }

    /** Says how it comes to its end when that is asked for; called at once where it has been already. */
    void endBy(Consumer<IOException> other) {
        IOException already;
        synchronized (this) {
            way = other;
            already = ended;
        }
        if (already != null) {
            other.accept(already);
        }
    }

    /** Asks it to end, once. */
    void end(IOException reason) {
        Consumer<IOException> by;
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = reason;
            by = way;
        }
        if (by == null) {
            cancellation.cancel(reason);
        } else {
            by.accept(reason);
        }
    }
}
