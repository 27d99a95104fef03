package dev.sallyport.plugins.opentelemetry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that send, one for each signal. They are not the gateway's, which interrupts its own before anything is closed:
 * what they have in hand then might arrive twice, or not at all.
 */
final class Senders implements AutoCloseable {

    /** How long closing waits for what is left to be sent. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Delivery delivery;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Runnable> last = new ArrayList<>();

    /** What one of them does, until the delivery is closed. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    Senders(Delivery delivery) {
        this.delivery = delivery;
    }

    /** @param after what is to be done when it has ended */
    void add(String name, Work work, Runnable after) {
        last.add(after);
        threads.add(Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                work.run();
            } catch (InterruptedException hurried) {
                // closing took too long: what is left is lost
            }
        }));
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Has them send what is left where the collector is there, and ends them. */
    @Override
    public void close() {
        delivery.close();
        threads.forEach(LockSupport::unpark);
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Thread thread : threads) {
                if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                    thread.interrupt();
                }
            }
            for (Thread thread : threads) {
                thread.join(PATIENCE);
            }
        } catch (InterruptedException hurried) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        } finally {
            last.forEach(Runnable::run);
        }
    }
}
