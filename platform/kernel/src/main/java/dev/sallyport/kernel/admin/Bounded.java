package dev.sallyport.kernel.admin;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs what may hang, one at a time, on threads of its own: whoever waits for it waits no longer than is said, and what was
 * given up keeps nobody waiting, until {@value #MOST_ABANDONED} of them have not ended. Thread-safe.
 */
final class Bounded {

    /** Each may hold a configuration, with all its steps, or a connection. */
    static final int MOST_ABANDONED = 5;

    private final String name;
    private final Duration most;
    private final Semaphore free = new Semaphore(1);
    private final Semaphore threads = new Semaphore(MOST_ABANDONED);

    /**
     * Runs such things.
     *
     * @param name what one is: {@code replay}
     * @param most how long one is waited for
     */
    Bounded(String name, Duration most) {
        this.name = name;
        this.most = most;
    }

    /**
     * Takes the turn, until it is closed.
     *
     * @throws RefusedCallException where somebody else has it, or where too many have not ended
     */
    Turn turn() throws RefusedCallException {
        if (!free.tryAcquire()) {
            throw RefusedCallException.overloaded("another " + name + " is under way; ask again when it is done");
        }
        // Only who has the turn takes the first of them, so that there is one when it is needed.
        if (threads.availablePermits() == 0) {
            free.release();
            throw RefusedCallException.overloaded(
                    MOST_ABANDONED + " times a " + name + " has taken too long and was given up, and none of them has"
                            + " ended yet; find out which plugin or place they wait for,"
                            + " and restart the gateway");
        }
        return new Turn();
    }

    /** The turn of one caller; for one thread. */
    final class Turn implements AutoCloseable {

        private Turn() {}

        /**
         * Runs it.
         *
         * @throws TimeoutException where it has taken longer; it is interrupted then, and may go on until it heeds that
         * @throws Exception what it throws
         */
        <T> T run(Callable<T> what) throws Exception {
            FutureTask<T> task = new FutureTask<>(what);
            if (!threads.tryAcquire()) {
                throw RefusedCallException.overloaded("too many of the " + name + " kind have not ended");
            }
            start(task);
            try {
                return task.get(most.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case Exception failure -> throw failure;
                    case Error failure -> throw failure;
                    case null, default -> throw e;
                }
            } finally {
                task.cancel(true);
            }
        }

        /** Does what may hang too, such as closing what was given up, and waits for nothing; nothing where too many hang. */
        void tidy(Runnable what) {
            if (threads.tryAcquire()) {
                start(what);
            }
        }

        /** Outside of the task, which does not run where it was cancelled before its thread came to it. */
        private void start(Runnable what) {
            boolean started = false;
            try {
                Thread.ofPlatform().daemon().name(name).start(() -> {
                    try {
                        what.run();
                    } finally {
                        threads.release();
                    }
                });
                started = true;
            } finally {
                if (!started) {
                    threads.release();
                }
            }
        }

        @Override
        public void close() {
            free.release();
        }
    }
}
