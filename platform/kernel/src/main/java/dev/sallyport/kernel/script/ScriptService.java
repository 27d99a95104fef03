package dev.sallyport.kernel.script;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads scripts of one folder as filters. There is one a process; the engine starts with the first script, so a gateway
 * without scripts pays nothing. Thread-safe; how scripts run is told in the package's documentation.
 *
 * <ol>
 *   <li>What {@link #load} returns runs the files as they were then, whatever happens to them; {@link #digest} tells
 *       whether they are still the same.
 *   <li>Each filter that was loaded must be closed; calls that are under way then come to their end.
 *   <li>{@link #close} ends everything, also calls that are under way.
 * </ol>
 */
public final class ScriptService implements Scripts, AutoCloseable {

    static final System.Logger LOG = System.getLogger("javascript");
    /** By itself; with the exchange that waits in it, it is about 165 KB. */
    private static final long CONTEXT_BYTES = 128 << 10;

    private static final Duration MIN_CPU = Duration.ofMillis(50);

    /** For scripts that nobody has given a client. */
    private static final Fetcher NOWHERE =
            (request, most) -> CompletableFuture.failedFuture(new ConnectException("no client"));

    private volatile Path folder;
    private final Settings settings;
    private final @Nullable Coverage coverage;
    private @Nullable ScriptEngine engine;
    private boolean closed;

    /** What waits for the first generation to serve; null where scripts become warm as they are loaded. */
    private @Nullable List<Runnable> afterStart;

    /**
     * How much scripts may take of the process.
     *
     * @param workers threads that run JavaScript; 1 or more
     * @param contexts contexts that calls hold at once, of all scripts together (each about 130 KB); 2 or more. One
     *     script gets three quarters of them at most, so that one whose upstream hangs leaves some to the others.
     */
    public record Settings(int workers, int contexts) {

        public Settings {
            if (workers < 1 || contexts < 2) {
                throw new IllegalArgumentException(
                        "workers: " + workers + ", contexts: " + contexts + " (expected: 1 and 2, or more)");
            }
        }

        /** A worker for each processor (two at least), and contexts for an eighth of the heap (32 to 4096). */
        public static Settings ofThisMachine() {
            Runtime runtime = Runtime.getRuntime();
            long contexts = runtime.maxMemory() / 8 / CONTEXT_BYTES;
            return new Settings(Math.max(2, runtime.availableProcessors()), (int) Math.clamp(contexts, 32L, 4096L));
        }
    }

    /** @param folder the scripts folder; nothing outside it is ever read */
    public ScriptService(Path folder, Settings settings) {
        this(folder, settings, null);
    }

    /** @param coverage hears of what runs */
    ScriptService(Path folder, Settings settings, @Nullable Coverage coverage) {
        this.folder = folder;
        this.settings = settings;
        this.coverage = coverage;
    }

    /**
     * A start begins: until {@link #serves} scripts are loaded and tried, and not made warm, since nobody is served that a
     * cold script would slow down, and all wait. Beside it the engine comes up on a thread of its own, where the
     * configuration names a script.
     *
     * @param configFile the main file, as it may be: what is wrong with it is not told here
     */
    public synchronized void starts(Path configFile) {
        afterStart = new ArrayList<>();
        Thread.ofPlatform().daemon().name("scripts ahead").start(() -> ahead(configFile));
    }

    /** The first generation serves: its scripts become warm beside its first requests. */
    public void serves() {
        List<Runnable> cold;
        synchronized (this) {
            cold = afterStart;
            afterStart = null;
        }
        if (cold != null && !cold.isEmpty()) {
            Thread.ofPlatform().daemon().name("scripts warm up").start(() -> cold.forEach(Runnable::run));
        }
    }

    /** Loads one that is named, for nothing: what takes long is there when its step asks for it. */
    private void ahead(Path configFile) {
        try (Stream<Path> files = Files.list(folder)) {
            String config = Files.readString(configFile);
            String named = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".js") && config.contains(name))
                    .findFirst()
                    .orElse(null);
            if (named != null) {
                load(named, Map.of(), ScriptTests.LIMITS, Isolation.REQUEST, List.of())
                        .close();
            }
        } catch (IOException | RuntimeException none) {
            LOG.log(System.Logger.Level.DEBUG, "no script is loaded ahead", none);
        }
    }

    /** Loads from another folder from now on; what is loaded stays as it is. */
    public void use(Path other) {
        folder = other;
    }

    @Override
    public Filter load(String file, Map<String, ?> config, Limits limits, Isolation isolation, List<Origin> fetch)
            throws ConfigException {
        return load(file, config, limits, isolation, fetch, NOWHERE, LOG, script -> {});
    }

    /**
     * The same scripts as one step sees them.
     *
     * @param log where its scripts log to
     * @param http sends what they fetch
     * @param loaded hears of each script that was loaded
     */
    public Scripts forStep(System.Logger log, Supplier<HttpClient> http, Consumer<LoadedScript> loaded) {
        Fetcher fetcher = Fetcher.by(http);
        return (file, config, limits, isolation, fetch) ->
                load(file, config, limits, isolation, fetch, fetcher, log, loaded);
    }

    /**
     * What stands for the content of a script and of all files that it imports, as they are now: a loaded script is
     * current while this is what it was.
     *
     * @param file relative to the scripts folder
     * @return SHA-256 in hex
     * @throws ConfigException where there is no such file
     */
    public String digest(String file) throws ConfigException {
        return ScriptBundle.read(folder, file).digest();
    }

    /**
     * What runs scripts.
     *
     * @param version of the engine
     * @param compiled whether it compiles what runs often; else it interprets
     * @param contexts how many are open
     */
    public record About(String version, boolean compiled, int contexts) {}

    /** What runs scripts; null where none was loaded yet. */
    public synchronized @Nullable About about() {
        return engine == null ? null : new About(engine.version(), engine.isCompiling(), engine.openContexts());
    }

    /** How many contexts are open: for metrics, and for tests that nothing is left. */
    public synchronized int openContexts() {
        return engine == null ? 0 : engine.openContexts();
    }

    /** Ends everything; calls that are under way fail. */
    @Override
    public void close() {
        ScriptEngine last;
        synchronized (this) {
            closed = true;
            last = engine;
            engine = null;
        }
        if (last != null) {
            last.close();
        }
    }

    Filter load(
            String file,
            Map<String, ?> config,
            Limits limits,
            Isolation isolation,
            List<Origin> fetch,
            Fetcher fetcher,
            System.Logger log,
            Consumer<LoadedScript> loaded) {
        check(limits);
        ScriptBundle bundle = ScriptBundle.read(folder, file);
        Script script = Script.of(bundle, config, limits, isolation, fetch, fetcher, log);
        ScriptEngine running = engine();
        try {
            boolean starting = isStarting();
            Trials.prove(running, script, starting ? Trials.AT_START : Trials.TO_BE_WARM);
            ContextPool pool = new ContextPool(running, script, Math.max(1, settings.contexts() * 3 / 4));
            if (script.isReusing()) {
                Trials.prepare(pool, script);
            }
            if (starting) {
                later(() -> warmLater(running, script, pool));
            }
            loaded.accept(LoadedScript.of(file, bundle));
            return new ScriptFilter(script, pool);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigException("script", file + ": loading was interrupted");
        }
    }

    private synchronized boolean isStarting() {
        return afterStart != null;
    }

    private void later(Runnable warmUp) {
        synchronized (this) {
            if (afterStart != null) {
                afterStart.add(warmUp);
                return;
            }
        }
        warmUp.run();
    }

    private static void warmLater(ScriptEngine engine, Script script, ContextPool pool) {
        if (pool.isClosed()) {
            return;
        }
        try {
            Trials.prove(engine, script, Trials.TO_BE_WARM);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException stopped) {
            LOG.log(System.Logger.Level.DEBUG, "a script did not become warm", stopped);
        }
    }

    private synchronized ScriptEngine engine() {
        if (closed) {
            throw new IllegalStateException("scripts: the service is closed");
        }
        if (engine == null) {
            engine = ScriptEngine.start(settings, coverage);
        }
        return engine;
    }

    private static void check(Limits limits) {
        if (limits.cpu().compareTo(MIN_CPU) < 0) {
            throw new ConfigException("limits.cpu", limits.cpu().toMillis() + "ms (expected: 50ms or more)");
        }
        if (limits.wall().compareTo(limits.cpu()) < 0) {
            throw new ConfigException("limits.wall", limits.wall().toMillis() + "ms (expected: limits.cpu or more)");
        }
        if (limits.memory().bytes() < 1 << 20) {
            throw new ConfigException("limits.memory", limits.memory() + " (expected: 1MiB or more)");
        }
    }
}
