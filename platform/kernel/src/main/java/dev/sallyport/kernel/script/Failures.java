package dev.sallyport.kernel.script;

import dev.sallyport.api.config.ConfigException;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** Tells what went wrong in a script in the operator's words: with file, line and column, without the engine's inside. */
final class Failures {

    /** The engine puts a place of its own in front, with columns from 0, and the text of the line behind. */
    private static final Pattern ENGINE_PLACE = Pattern.compile("^(SyntaxError: )\\S+:\\d+:\\d+ ");

    private Failures() {}

    /** Whether the engine ended the context, because of a limit or because it was told to. */
    static boolean isCutOff(PolyglotException e) {
        return e.isCancelled() || e.isResourceExhausted();
    }

    /** The engine's own words for what happened, in one line. */
    static String reason(PolyglotException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return ENGINE_PLACE
                .matcher(end < 0 ? message : message.substring(0, end))
                .replaceFirst("$1");
    }

    /** The script threw. */
    static RuntimeException thrown(Script script, PolyglotException e) {
        if (!e.isGuestException()) {
            return new IllegalStateException("the JavaScript engine failed in " + script.name(), e);
        }
        return new ScriptException(place(script, e), shown(script, e), frames(script, e));
    }

    /** The script's promise was rejected with this. */
    static RuntimeException rejected(Script script, Value reason) {
        if (reason.isException()) {
            try {
                reason.throwException();
            } catch (PolyglotException e) {
                return thrown(script, e);
            }
        }
        return new ScriptException(
                script.name(), "threw " + (reason.isString() ? reason.asString() : reason), List.of());
    }

    /** The script went over a limit. */
    static ScriptException cutOff(Script script, String reason, @Nullable Throwable failure) {
        return failure instanceof PolyglotException e
                ? new ScriptException(place(script, e), "cut off: " + reason, frames(script, e))
                : new ScriptException(script.name(), "cut off: " + reason, List.of());
    }

    /** The script cannot be loaded. */
    static ConfigException refused(Script script, PolyglotException e) {
        String place = place(script, e);
        if (place.equals(script.name()) && !script.bundle().unresolved().isEmpty()) {
            ScriptBundle.Unresolved first = script.bundle().unresolved().getFirst();
            return new ConfigException(
                    "script", first.place() + ": cannot import '" + first.specifier() + "': " + first.reason());
        }
        return new ConfigException("script", place + ": " + shown(script, e));
    }

    private static String shown(Script script, PolyglotException e) {
        return reason(e).replace(script.bundle().root() + File.separator, "");
    }

    private static String place(Script script, PolyglotException e) {
        SourceSection section = e.getSourceLocation();
        if (section == null || section.getSource().isInternal()) {
            // Where our own JavaScript threw, the line that called it is the one to tell.
            section = first(e);
        }
        if (section == null) {
            return script.name();
        }
        return file(script, section) + ":" + section.getStartLine() + ":" + section.getStartColumn();
    }

    private static @Nullable SourceSection first(PolyglotException e) {
        for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
            SourceSection section = frame.isGuestFrame() ? frame.getSourceLocation() : null;
            if (section != null && !section.getSource().isInternal()) {
                return section;
            }
        }
        return null;
    }

    private static List<StackTraceElement> frames(Script script, PolyglotException e) {
        List<StackTraceElement> frames = new ArrayList<>();
        for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
            SourceSection section = frame.isGuestFrame() ? frame.getSourceLocation() : null;
            if (section != null && !section.getSource().isInternal()) {
                String function = frame.getRootName();
                frames.add(new StackTraceElement(
                        "js",
                        function == null || function.isEmpty() ? "anonymous" : function,
                        file(script, section),
                        section.getStartLine()));
            }
        }
        return frames;
    }

    /** The file of a place, relative to the scripts folder. */
    private static String file(Script script, SourceSection section) {
        String path = section.getSource().getPath();
        if (path == null) {
            return section.getSource().getName();
        }
        String root = script.bundle().root() + File.separator;
        return (path.startsWith(root) ? path.substring(root.length()) : path).replace(File.separatorChar, '/');
    }
}
