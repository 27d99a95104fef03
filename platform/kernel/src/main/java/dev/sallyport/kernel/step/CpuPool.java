package dev.sallyport.kernel.step;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Runs what burns processor time on platform threads, as many at once as there are processors, and the callers wait for
 * their turn. Each task has a thread of its own, since a kept one would keep a plugin's thread locals, and so its class
 * loader.
 */
public final class CpuPool {

    private final Semaphore processors;

    /** @param threads how many tasks run at once */
    public CpuPool(int threads) {
        processors = new Semaphore(threads, true);
    }

    /**
     * Runs it and waits.
     *
     * @throws Exception what the task threw
     */
    public <T> T run(Callable<T> task) throws Exception {
        processors.acquire();
        FutureTask<T> future = new FutureTask<>(task);
        boolean started = false;
        try {
            // Outside of the task, which does not run where it was cancelled before its thread came to it.
            Thread.ofPlatform().daemon().name("cpu").start(() -> {
                try {
                    future.run();
                } finally {
                    processors.release();
                }
            });
            started = true;
        } finally {
            if (!started) {
                processors.release();
            }
        }
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case null, default -> throw e;
            }
        }
    }
}
