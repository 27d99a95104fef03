package dev.sallyport.kernel.script;

import com.oracle.js.parser.ParserException;
import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import java.time.Duration;
import org.graalvm.polyglot.PolyglotException;
import org.jspecify.annotations.Nullable;

/** What a script is put through before it serves: whether it can be loaded at all, and calls that make it warm. */
final class Trials {

    private static final Duration COLD = Duration.ofSeconds(60);

    /** How long a trial call may take; a longer one says nothing that matters. */
    private static final Duration TRIAL = Duration.ofSeconds(1);

    static final int TO_BE_WARM = 100;

    /** Enough for the first call to be far from its limit of processor time. */
    static final int AT_START = 2;

    private static final long TRIALS_NANOS = Duration.ofMillis(150).toNanos();

    private Trials() {}

    /** Parses, links and evaluates the module, then calls it with a made-up request until it is warm, at most so often. */
    static void prove(ScriptEngine engine, Script script, int trials) throws InterruptedException {
        // Without limits of processor time and statements, which a cold start would exceed.
        Lease lease = new Lease(engine, script, null, null, false);
        ScriptContext linked;
        try {
            long wall = script.limits().wall().toNanos();
            // What a cold engine takes on a busy machine is not the script's.
            lease.run(context -> {}, Math.max(wall, COLD.toNanos()));
            lease.run(context -> link(context, script), wall);
            linked = lease.take();
        } catch (ScriptException e) {
            throw new ConfigException("script", String.valueOf(e.getMessage()));
        } finally {
            lease.cut("not loaded"); // which is nothing to a context that was taken
        }
        warm(engine, script.withWall(TRIAL), linked, trials);
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

    /** Errors of these calls mean nothing: the request is none that the script was written for. Ends the context. */
    private static void warm(ScriptEngine engine, Script script, @Nullable ScriptContext linked, int trials)
            throws InterruptedException {
        ScriptContext context = linked;
        long end = System.nanoTime() + TRIALS_NANOS;
        try {
            for (int i = 0; i < trials && context != null && System.nanoTime() < end; i++) {
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
        } finally {
            if (context != null) {
                engine.end(context);
            }
        }
    }

    /** Makes the first context, so that the first request need not wait for it. */
    static void prepare(ContextPool pool, Script script) throws InterruptedException {
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
