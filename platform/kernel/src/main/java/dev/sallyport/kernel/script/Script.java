package dev.sallyport.kernel.script;

import com.oracle.js.parser.ParserException;
import dev.sallyport.api.Scripts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Source;

/**
 * A script as a step has loaded it.
 *
 * @param bundle its files
 * @param source its text for the engine
 * @param stateless whether the module, once evaluated, has nowhere to keep what a call leaves
 * @param config the step's own settings, as JSON
 * @param origins where it may send requests of its own
 * @param fetcher sends them
 */
record Script(
        ScriptBundle bundle,
        Source source,
        boolean stateless,
        String config,
        Scripts.Limits limits,
        Scripts.Isolation isolation,
        List<Scripts.Origin> origins,
        Fetcher fetcher,
        ScriptLog log) {

    static Script of(
            ScriptBundle bundle,
            Map<String, ?> config,
            Scripts.Limits limits,
            Scripts.Isolation isolation,
            List<Scripts.Origin> origins,
            Fetcher fetcher,
            System.Logger log) {
        try {
            Source source = Source.newBuilder("js", bundle.file().toFile())
                    .content(bundle.text())
                    .name(bundle.name())
                    .mimeType("application/javascript+module")
                    .build();
            return new Script(
                    bundle,
                    source,
                    isStateless(bundle),
                    JsonText.of(config),
                    limits,
                    isolation,
                    List.copyOf(origins),
                    fetcher,
                    new ScriptLog(log, limits.log()));
        } catch (IOException e) {
            throw new UncheckedIOException("the content is given, so nothing is read", e);
        }
    }

    /** Relative to the scripts folder. */
    String name() {
        return bundle.name();
    }

    /** By what this version of it is known. */
    String digest() {
        return bundle.digest();
    }

    /** Whether contexts serve several calls; else each call has a fresh one. */
    boolean isReusing() {
        return switch (isolation) {
            case NONE -> true;
            case CONTEXT -> false;
            case REQUEST -> !bundle.isImporting();
        };
    }

    /** Whether the built-in objects are frozen, and the module is evaluated anew for each call unless it is stateless. */
    boolean isFrozen() {
        return isolation == Scripts.Isolation.REQUEST && isReusing();
    }

    private static boolean isStateless(ScriptBundle bundle) {
        try {
            return ModuleSyntax.of(bundle.name(), bundle.text()).isStateless();
        } catch (ParserException notOne) {
            return false; // the engine tells where, in its own words
        }
    }

    /** The same with another limit of time, for trials. */
    Script withWall(Duration wall) {
        Scripts.Limits shorter = new Scripts.Limits(
                limits.cpu(),
                wall,
                limits.statements(),
                limits.memory(),
                limits.body(),
                limits.output(),
                limits.fetches(),
                limits.log());
        return new Script(bundle, source, stateless, config, shorter, isolation, origins, fetcher, log);
    }
}
