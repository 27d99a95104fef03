package dev.sallyport.kernel.script;

import com.oracle.js.parser.ParserException;
import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.config.ConfigException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.graalvm.polyglot.PolyglotException;
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
    /** How long a trial call may take; a longer one says nothing that matters. */
    private static final Duration COLD = Duration.ofSeconds(60);

    /** For scripts that nobody has given a client. */
    private static final Fetcher NOWHERE =
            (request, most) -> CompletableFuture.failedFuture(new ConnectException("no client"));

    private static final Duration TRIAL = Duration.ofSeconds(1);

    private static final int TRIALS = 100;
    private static final long TRIALS_NANOS = Duration.ofMillis(150).toNanos();

    private volatile Path folder;
    private final Settings settings;
    private final @Nullable Coverage coverage;
    private @Nullable ScriptEngine engine;
    private boolean closed;

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
            prove(running, script);
            ContextPool pool = new ContextPool(running, script, Math.max(1, settings.contexts() * 3 / 4));
            if (script.isReusing()) {
                prepare(pool, script);
            }
            loaded.accept(LoadedScript.of(file, bundle));
            return new ScriptFilter(script, pool);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigException("script", file + ": loading was interrupted");
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

    /** Parses, links and evaluates the module, then calls it with a made-up request until it is warm. */
    private static void prove(ScriptEngine engine, Script script) throws InterruptedException {
        // Without limits of processor time and statements, which a cold start would exceed.
        Lease lease = new Lease(engine, script, null, null, false);
        try {
            long wall = script.limits().wall().toNanos();
            // What a cold engine takes on a busy machine is not the script's.
            lease.run(context -> {}, Math.max(wall, COLD.toNanos()));
            lease.run(context -> link(context, script), wall);
            warm(engine, script.withWall(TRIAL), lease);
        } catch (ScriptException e) {
            throw new ConfigException("script", String.valueOf(e.getMessage()));
        } finally {
            lease.cut("loaded");
        }
    }

    private static void link(ScriptContext context, Script script) {
        try {
            context.parse();
            checkImports(script);
            if (context.handler() == null) {
                throw new ConfigException(
                        "script",
                        script.name() + ": no function is exported as default (expected: export default async function"
                                + " (request, next, { config, exchange, log }) { … })");
            }
        } catch (PolyglotException e) {
            if (Failures.isCutOff(e) || !e.isGuestException()) {
                throw e;
            }
            throw Failures.refused(script, e);
        }
    }

    /**
     * The engine itself would load a module from the text of a {@code data:} URL, which is code that is put together as it
     * runs.
     */
    private static void checkImports(Script script) {
        script.bundle().files().forEach((path, bytes) -> {
            if (path.toString().endsWith(".json")) {
                return;
            }
            String name = ScriptBundle.name(script.bundle().root(), path);
            ModuleSyntax syntax;
            try {
                syntax = ModuleSyntax.of(name, Contents.text(bytes));
            } catch (ParserException notOne) {
                return; // the engine tells where, in its own words
            }
            for (String specifier : syntax.imported()) {
                if (!ScriptBundle.isRelative(specifier)) {
                    throw cannotImport(script.bundle().placeOf(name, specifier), specifier);
                }
            }
            for (ModuleSyntax.Dynamic dynamic : syntax.dynamicallyImported()) {
                if (dynamic.specifier() == null || !ScriptBundle.isRelative(dynamic.specifier())) {
                    throw cannotImport(name + ":" + dynamic.line() + ":" + dynamic.column(), dynamic.specifier());
                }
            }
        });
    }

    private static ConfigException cannotImport(String place, @Nullable String specifier) {
        String what = specifier == null ? "what is put together as it runs" : "'" + specifier + "'";
        return new ConfigException("script", place + ": cannot import " + what + ": " + ScriptBundle.FILES_ALONE);
    }

    /** Errors of these calls mean nothing: the request is none that the script was written for. */
    private static void warm(ScriptEngine engine, Script script, Lease linked) throws InterruptedException {
        ScriptContext context = linked.take();
        long end = System.nanoTime() + TRIALS_NANOS;
        for (int i = 0; i < TRIALS && context != null && System.nanoTime() < end; i++) {
            Lease lease = new Lease(engine, script, null, context, false);
            try {
                Request request = new Request(
                        "GET",
                        new RequestTarget("/", null),
                        Headers.of("host", "localhost", "accept", "application/json"),
                        Body.empty(),
                        null,
                        new SampleExchange());
                new ScriptCall(script, request, ignored -> Response.json(200, "{}"), true)
                        .run(lease, System.nanoTime());
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                script.log().gateway().log(System.Logger.Level.DEBUG, "trial of " + script.name(), e);
            }
            context = lease.take();
        }
    }

    /** Makes the first context, so that the first request need not wait for it. */
    private static void prepare(ContextPool pool, Script script) throws InterruptedException {
        long wall = script.limits().wall().toNanos();
        Lease lease = pool.lease(0);
        if (lease != null) {
            try {
                lease.run(context -> {}, wall);
            } catch (RuntimeException e) {
                pool.close();
                throw e;
            } finally {
                pool.giveBack(lease);
            }
        }
    }
}
