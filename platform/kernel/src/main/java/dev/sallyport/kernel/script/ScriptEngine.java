package dev.sallyport.kernel.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.IOAccess;
import org.jspecify.annotations.Nullable;

/** The engine, the threads that run JavaScript, and the contexts that are open. Thread-safe. */
final class ScriptEngine implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("javascript");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LARGEST_VALUE = 1 << 30;
    private static final int MAX_STACK_FRAMES = 500;
    /**
     * How many kinds of objects a place in the code knows before it has to look each up. All contexts run the same code, and
     * those of each are kinds of their own: with the engine's own numbers, 5 and 4, a script's call costs a third more.
     */
    private static final String CACHED = "40";
    /** Deep enough that the engine's own count of frames is met before the thread's stack ends. */
    private static final long STACK_BYTES = 8 << 20;

    private final Engine engine;
    private final HostAccess hostAccess;
    private final Workers workers;
    private final ExecutorService closers;
    private final Watchdog watchdog;
    private final Semaphore contexts;
    private final Set<ScriptContext> open = ConcurrentHashMap.newKeySet();
    private final Source urls;
    private final Source messages;
    private final Source web;
    private final Source runtime;
    private final Source freeze;
    private volatile boolean closing;

    private ScriptEngine(ScriptService.Settings settings, @Nullable Coverage coverage) {
        // All is set as the policy CONSTRAINED wants it; but that refuses the two options that bound what one single
        // call of a
        // built-in function allocates, which would end the process where it is more than the heap has.
        engine = Engine.newBuilder("js")
                .sandbox(SandboxPolicy.TRUSTED)
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .option("engine.WarnInterpreterOnly", "false")
                .build();
        if (coverage != null) {
            coverage.attach(engine);
        }
        hostAccess = HostAccess.newBuilder(HostAccess.CONSTRAINED)
                .allowBufferAccess(true)
                .build();
        ThreadFactory names = Thread.ofPlatform()
                .name("script-", 0)
                .daemon(true)
                .stackSize(STACK_BYTES)
                .factory();
        workers = new Workers(settings.workers(), ours(names));
        closers = Executors.newCachedThreadPool(
                ours(Thread.ofPlatform().name("script-closer-", 0).daemon(true).factory()));
        watchdog = new Watchdog(workers);
        contexts = new Semaphore(settings.contexts());
        urls = internal("urls.js");
        messages = internal("messages.js");
        web = internal("web.js");
        runtime = internal("runtime.js");
        freeze = internal("freeze.js");
    }

    /**
     * Threads begin in calls of plugins, and would inherit the plugin's context class loader: they would keep the plugin in
     * memory after it was unloaded.
     */
    private static ThreadFactory ours(ThreadFactory threads) {
        return task -> {
            Thread thread = threads.newThread(task);
            thread.setContextClassLoader(ScriptEngine.class.getClassLoader());
            return thread;
        };
    }

    /**
     * Starts an engine in a call of whatever plugin, without the plugin's context class loader: GraalJS starts threads of
     * its own, and registers one for the end of the process.
     */
    static ScriptEngine start(ScriptService.Settings settings, @Nullable Coverage coverage) {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(ScriptEngine.class.getClassLoader());
        try {
            return new ScriptEngine(settings, coverage);
        } finally {
            current.setContextClassLoader(before);
        }
    }

    /** A bare context for a script; with its limit of statements, or without, for trials whose cold start must not count. */
    Context newContext(Script script, boolean limited) {
        Context.Builder context = Context.newBuilder("js")
                .engine(engine)
                .sandbox(SandboxPolicy.TRUSTED)
                .allowHostAccess(hostAccess)
                .allowIO(IOAccess.newBuilder()
                        .fileSystem(new ScriptFileSystem(script.bundle()))
                        .build())
                .allowExperimentalOptions(true)
                .option("js.property-cache-limit", CACHED)
                .option("js.function-cache-limit", CACHED)
                .option("js.string-length-limit", String.valueOf(most(script) / Character.BYTES))
                .option("js.max-typed-array-length", String.valueOf(most(script)))
                .option("js.strict", "true")
                .option("js.console", "false")
                .option("js.print", "false")
                .option("js.load", "false")
                .option("js.graal-builtin", "false")
                .option("js.allow-eval", "false")
                .option("js.esm-eval-returns-exports", "true")
                .option("js.ecmascript-version", "2025")
                .option("js.unhandled-rejections", "throw")
                .option("sandbox.MaxStackFrames", String.valueOf(MAX_STACK_FRAMES));
        if (limited && script.limits().statements() > 0) {
            context.option(
                    "sandbox.MaxStatements", String.valueOf(script.limits().statements()));
        }
        return context.build();
    }

    /** How many bytes one value may have at most. */
    private static long most(Script script) {
        return Math.min(script.limits().memory().bytes(), LARGEST_VALUE);
    }

    Source urls() {
        return urls;
    }

    Source messages() {
        return messages;
    }

    Source web() {
        return web;
    }

    Source runtime() {
        return runtime;
    }

    Source freeze() {
        return freeze;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    /** One permit for each context that a call holds. */
    Semaphore contexts() {
        return contexts;
    }

    Workers workers() {
        return workers;
    }

    /** Counts a context that was made. */
    void opened(ScriptContext context) {
        open.add(context);
    }

    /** Ends a context, whatever runs in it, soon and on another thread: it may take a while. */
    void end(ScriptContext context) {
        Runnable end = () -> {
            try {
                context.end();
            } finally {
                open.remove(context);
            }
        };
        try {
            closers.execute(end);
        } catch (RejectedExecutionException closed) {
            end.run();
        }
    }

    /** How many contexts there are. */
    int openContexts() {
        return open.size();
    }

    String version() {
        return engine.getVersion();
    }

    /** The fallback for a runtime that does not fit names itself so. */
    boolean isCompiling() {
        return !engine.getImplementationName().equals("Interpreted");
    }

    /** Whether contexts end because all of it does. */
    boolean isClosing() {
        return closing;
    }

    @Override
    public void close() {
        closing = true;
        open.forEach(this::end);
        workers.close();
        watchdog.close();
        closers.shutdown();
        // What cannot be ended would hold this up; its threads end with the process.
        Thread last = ours(Thread.ofPlatform()
                        .name("script-engine-closer")
                        .daemon(true)
                        .factory())
                .newThread(() -> engine.close(true));
        last.start();
        try {
            if (!last.join(PATIENCE)) {
                LOG.log(System.Logger.Level.WARNING, "the engine does not end, since a script does not");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One of our own files: not counted as statements, and not seen in stack traces. */
    private static Source internal(String name) {
        try (InputStream in = ScriptEngine.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the gateway's jar");
            }
            return Source.newBuilder("js", new String(in.readAllBytes(), StandardCharsets.UTF_8), name)
                    .internal(true)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
