package dev.sallyport.kernel.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Waits for the wish to end: SIGTERM or SIGINT. A second one ends the process at once. */
final class Stopping implements AutoCloseable {

    private static final int KILLED = 143;

    private final CountDownLatch wished = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicInteger signals = new AtomicInteger();

    Stopping() {
        boolean heard = Signals.on("TERM", this::signal);
        heard &= Signals.on("INT", this::signal);
        if (!heard) {
            // Such a JVM (-Xrs) ends by itself at a signal, and waits for its hooks only.
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::hook));
        }
    }

    private void signal() {
        if (signals.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(KILLED);
        }
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
