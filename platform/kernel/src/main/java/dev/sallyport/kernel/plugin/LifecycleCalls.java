package dev.sallyport.kernel.plugin;

import dev.sallyport.api.config.ConfigException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the code of one artefact that belongs to its life and not to an exchange: on threads of its own, with the
 * artefact's loader as context class loader and with a time limit, so that whatever it does harms nobody else. A thread is
 * used again where many calls follow each other, and ends soon after the last one, with all that the plugin left on it.
 * Thread-safe.
 */
final class LifecycleCalls {

    private static final System.Logger LOG = System.getLogger("plugins");

    /** How long a thread waits for another call. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** How long it is waited for threads that end: those that run nothing do at once. */
    private static final Duration ENDING = Duration.ofMillis(100);

    /** Characters of a plugin's message that are passed on. */
    private static final int LONGEST = 500;

    private final String artefact;
    private final ClassLoader loader;
    private final Duration limit;
    private final ThreadPoolExecutor threads;

    /**
     * @param artefact its name in messages: {@code rate-limit 1.4.0}
     * @param limit how long one call may take
     */
    LifecycleCalls(String artefact, ClassLoader loader, Duration limit) {
        this.artefact = artefact;
        this.loader = loader;
        this.limit = limit;
        threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // one that hangs must not stand in the way of the next call
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform()
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .factory());
    }

    private sealed interface Outcome<T> {
        record Value<T>(T value) implements Outcome<T> {}

        record Failed<T>(String reason) implements Outcome<T> {}

        record Late<T>(String reason) implements Outcome<T> {}

        record Misconfigured<T>(ConfigException reason) implements Outcome<T> {}
    }

    /** See {@link LoadedArtefact#call}. */
    <T> T call(String what, Callable<T> action) throws PluginException {
        CompletableFuture<Outcome<T>> handover = new CompletableFuture<>();
        Future<?> running;
        try {
            running = threads.submit(() -> run(what, action, handover));
        } catch (RejectedExecutionException e) {
            throw new PluginException(artefact + " is unloaded");
        }
        return switch (await(handover, running)) {
            case Outcome.Value<T>(T value) -> value;
            case Outcome.Misconfigured<T>(ConfigException reason) -> throw reason;
            case Outcome.Failed<T>(String reason) ->
                throw new PluginException(artefact + ": " + what + " failed: " + reason);
            case Outcome.Late<T>(String reason) ->
                throw new PluginException(artefact + ": " + what + " failed: " + reason, true);
        };
    }

    /** Takes no more calls, and ends the threads that run none. */
    void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(ENDING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> Outcome<T> await(CompletableFuture<Outcome<T>> handover, Future<?> running) {
        try {
            return handover.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return abandon(handover, running, new Outcome.Late<>("it took longer than " + limit.toMillis() + " ms"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return abandon(handover, running, new Outcome.Failed<>("it was interrupted"));
        } catch (ExecutionException e) {
            throw new AssertionError("an outcome is always a value", e);
        }
    }

    private static <T> Outcome<T> abandon(
            CompletableFuture<Outcome<T>> handover, Future<?> running, Outcome<T> instead) {
        handover.complete(instead);
        running.cancel(true); // interrupts this call, but not another one on the same thread after it
        return handover.join();
    }

    private <T> void run(String what, Callable<T> action, CompletableFuture<Outcome<T>> handover) {
        Thread.currentThread().setName("plugin " + artefact + ": " + what);
        Outcome<T> outcome = outcome(action);
        boolean taken = handover.complete(outcome);
        if (!taken && outcome instanceof Outcome.Value<T>(T value) && value instanceof AutoCloseable late) {
            // Made too late for anybody to have it, so nobody else would close it.
            Outcome<Boolean> closed = outcome(() -> {
                late.close();
                return true;
            });
            LOG.log(System.Logger.Level.WARNING, "{0}: what came too late was closed: {1}", artefact, closed);
        }
    }

    private <T> Outcome<T> outcome(Callable<T> action) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return new Outcome.Value<>(action.call());
        } catch (ConfigException e) {
            return misconfigured(e);
        } catch (InvocationTargetException | ExceptionInInitializerError e) {
            Throwable cause = e.getCause();
            return cause instanceof ConfigException config
                    ? misconfigured(config)
                    : new Outcome.Failed<>(text(cause == null ? e : cause));
        } catch (Throwable e) {
            return new Outcome.Failed<>(text(e));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A copy: the plugin's own holds its frames, and so its class loader. */
    private static <T> Outcome<T> misconfigured(ConfigException e) {
        return new Outcome.Misconfigured<>(new ConfigException(e.key(), e.reason()));
    }

    /** On the helper's thread: even the message is the plugin's code. */
    private String text(Throwable e) {
        String name = e.getClass().getSimpleName();
        try {
            String message = brief(e.getMessage());
            String mend = e instanceof LinkageError
                    ? "; its jar must hold every class that it needs, besides the plugin API's"
                    : "";
            return name + (message == null ? "" : ": " + message) + place(e) + mend;
        } catch (Throwable broken) {
            return name;
        }
    }

    /** One line, however much the plugin has to say. */
    private static @Nullable String brief(@Nullable String message) {
        if (message == null) {
            return null;
        }
        String line = message.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private String place(Throwable e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            if (!frame.getClassName().startsWith("java.")
                    && !frame.getClassName().startsWith("jdk.")
                    && !frame.getClassName().startsWith("dev.sallyport.kernel.")
                    && !frame.getClassName().startsWith("org.pf4j.")) {
                return " (at " + frame + ")";
            }
        }
        return "";
    }
}
