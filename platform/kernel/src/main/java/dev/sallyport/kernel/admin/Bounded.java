package dev.sallyport.kernel.admin;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what may hang, on a thread of its own: whoever waits for it waits no longer than is said. */
final class Bounded {

    private Bounded() {}

    /**
     * Runs it.
     *
     * @param name of the thread
     * @throws TimeoutException where it has taken longer; it is interrupted then, and may go on until it heeds that
     * @throws Exception what it throws
     */
    static <T> T run(String name, Duration most, Callable<T> what) throws Exception {
        FutureTask<T> task = new FutureTask<>(what);
        Thread.ofPlatform().daemon().name(name).start(task);
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
}
