package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.time.Duration;

/** Ends what would block without limit: writing to a socket knows no timeout. For one thread. */
final class Deadline implements AutoCloseable {

    private final Thread watch;
    private final Duration patience;
    private volatile long from = System.nanoTime();
    private volatile boolean over;

    /**
     * Begins to wait.
     *
     * @param patience how long from now, or from when it was postponed last
     * @param end what ends it; called by another thread
     */
    Deadline(Duration patience, Runnable end) {
        this.patience = patience;
        watch = Thread.ofVirtual()
                .name("elk deadline")
                .inheritInheritableThreadLocals(false)
                .start(() -> watch(end));
    }

    private void watch(Runnable end) {
        try {
            for (long left = left(); left > 0; left = left()) {
                Thread.sleep(Duration.ofNanos(left));
            }
            over = true;
            end.run();
        } catch (InterruptedException inTime) {
            // it was closed
        }
    }

    private long left() {
        return patience.toNanos() - (System.nanoTime() - from);
    }

    /** Something went on. */
    void postpone() throws IOException {
        check();
        from = System.nanoTime();
    }

    private void check() throws IOException {
        if (over) {
            throw new IOException("takes nothing for " + patience.toMillis() + " ms");
        }
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        check();
    }
}
