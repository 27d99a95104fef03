package dev.sallyport.kernel.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Waits for the wish to end: SIGTERM, SIGINT, or another that is named. A second one ends the process at once; but not what comes right behind the
 * first, since who tells a whole group of processes tells this one and the launcher, which passes it on.
 */
final class Stopping implements AutoCloseable {

    private static final int KILLED = 143;
    private static final long SAME_WISH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final CountDownLatch wished = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicLong firstSignal = new AtomicLong();

    /** @param more further signals that wish it, by their names without {@code SIG} */
    Stopping(String... more) {
        boolean heard = Signals.on("TERM", this::signal);
        heard &= Signals.on("INT", this::signal);
        for (String signal : more) {
            Signals.on(signal, this::signal); // not every system has it
        }
        if (!heard) {
            // Such a JVM (-Xrs) ends by itself at a signal, and waits for its hooks only.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::hook));
        }
    }

    private void signal() {
        long now = System.nanoTime();
        if (!firstSignal.compareAndSet(0, now) && now - firstSignal.get() > SAME_WISH_NANOS) {
            Runtime.getRuntime().halt(KILLED);
        }
        wished.countDown();
    }

    /** Wishes it from within. */
    void wish() {
        wished.countDown();
    }

    private void hook() {
        wished.countDown();
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void await() {
        try {
            wished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was to be done before the end is done. */
    @Override
    public void close() {
        done.countDown();
    }
}
