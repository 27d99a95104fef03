package dev.sallyport.kernel.plugin;

import dev.sallyport.api.config.ConfigException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the code of one artefact that belongs to its life and not to an exchange: each call on a thread of its own, with
 * the artefact's loader as context class loader and with a time limit, so that whatever it does harms nobody else.
 * Thread-safe.
 */
final class LifecycleCalls {

    private static final System.Logger LOG = System.getLogger("plugins");

    /** Characters of a plugin's message that are passed on. */
    private static final int LONGEST = 500;

    private final String artefact;
    private final ClassLoader loader;
    private final Duration limit;

    /**
     * @param artefact its name in messages: {@code rate-limit 1.4.0}
     * @param limit how long one call may take
     */
    LifecycleCalls(String artefact, ClassLoader loader, Duration limit) {
        this.artefact = artefact;
        this.loader = loader;
        this.limit = limit;
    }

    private sealed interface Outcome<T> {
        record Value<T>(T value) implements Outcome<T> {}

        record Failed<T>(String reason) implements Outcome<T> {}

        record Misconfigured<T>(ConfigException reason) implements Outcome<T> {}
    }

    /** See {@link LoadedArtefact#call}. */
    <T> T call(String what, Callable<T> action) throws PluginException {
        CompletableFuture<Outcome<T>> handover = new CompletableFuture<>();
        Thread helper = Thread.ofPlatform()
                .daemon()
                .name("plugin " + artefact + ": " + what)
                .inheritInheritableThreadLocals(false)
                .unstarted(() -> run(action, handover));
        helper.setContextClassLoader(loader);
        helper.start();
        return switch (await(handover, helper)) {
            case Outcome.Value<T>(T value) -> value;
            case Outcome.Misconfigured<T>(ConfigException reason) -> throw reason;
            case Outcome.Failed<T>(String reason) ->
                throw new PluginException(artefact + ": " + what + " failed: " + reason);
        };
    }

    private <T> Outcome<T> await(CompletableFuture<Outcome<T>> handover, Thread helper) {
        try {
            return handover.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return abandon(handover, helper, "it took longer than " + limit.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return abandon(handover, helper, "it was interrupted");
        } catch (ExecutionException e) {
            throw new AssertionError("an outcome is always a value", e);
        }
    }

    private static <T> Outcome<T> abandon(CompletableFuture<Outcome<T>> handover, Thread helper, String reason) {
        handover.complete(new Outcome.Failed<>(reason));
        helper.interrupt();
        return handover.join();
    }

    private <T> void run(Callable<T> action, CompletableFuture<Outcome<T>> handover) {
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
