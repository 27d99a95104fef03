package dev.sallyport.kernel.script;

import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** A context of the engine with our objects in it, ready for a script. Used by one worker at a time. */
final class ScriptContext {

    private final Context context;
    private final Script script;
    private final HostFunctions functions;
    private final Value start;
    private final Value answer;
    private final Value refuse;
    private final Value freeze;
    private @Nullable Value kept;

    private ScriptContext(Context context, ScriptEngine engine, Script script) {
        this.context = context;
        this.script = script;
        functions = new HostFunctions(script);
        Value runtime = context.eval(engine.runtime())
                .execute(
                        functions.all(),
                        context.eval(engine.urls()),
                        context.eval(engine.messages()),
                        context.eval(engine.web()),
                        script.config());
        start = runtime.getMember("start");
        answer = runtime.getMember("answer");
        refuse = runtime.getMember("refuse");
        freeze = runtime.getMember("freeze");
        if (script.isFrozen()) {
            context.eval(engine.freeze()).executeVoid(runtime.getMember("hidden"));
        }
    }

    static ScriptContext create(ScriptEngine engine, Script script, boolean limited) {
        Context context = engine.newContext(script, limited);
        boolean made = false;
        try {
            ScriptContext result = new ScriptContext(context, engine, script);
            engine.opened(result);
            made = true;
            return result;
        } finally {
            if (!made) {
                context.close(true);
            }
        }
    }

    /** Checks the script's grammar, without running it. */
    void parse() {
        context.parse(script.source());
    }

    /** Evaluates the module and gives its default export; null where it has none that can be called. */
    @Nullable
    Value handler() {
        if (kept != null) {
            return kept;
        }
        Value handler = context.eval(script.source()).getMember("default");
        if (handler == null || !handler.canExecute()) {
            return null;
        }
        if (!script.isFrozen()) {
            kept = handler;
        } else if (script.stateless()) {
            freeze.executeVoid(handler);
            kept = handler;
        }
        return handler;
    }

    /** Begins a call, which is told of all that the script does from now on. */
    void start(ScriptCall call, String method) {
        if (script.limits().statements() > 0) {
            context.resetLimits();
        }
        functions.serve(call);
        Value handler = handler();
        if (handler == null) {
            throw new IllegalStateException(script.name() + " has lost its default export");
        }
        start.executeVoid(handler, method);
    }

    /** Goes on with what the script waits for. */
    void answer(int question, Object value) {
        answer.executeVoid(question, value);
    }

    /** Goes on with a response, which that number stands for. */
    void answer(int question, int message, int status) {
        answer.executeVoid(question, message, status);
    }

    /** Goes on with a rejection of what the script waits for. */
    void refuse(int question, int failure, String name, String message, @Nullable String kind) {
        refuse.executeVoid(question, failure, name, message, kind);
    }

    /** Between two calls. */
    void rest() {
        functions.serve(null);
    }

    /** Ends it, with whatever runs in it. */
    void end() {
        try {
            context.close(true);
        } catch (PolyglotException e) {
            if (!e.isCancelled()) {
                throw e;
            }
        }
    }
}
