package dev.sallyport.kernel.script;

import java.util.List;

/**
 * A script failed: it threw, its promise was rejected, it returned no response, or it went over a limit. The message
 * names the place, {@code add-region.js:3:5: TypeError: …}; the stack trace is the script's own. It is for the log, not for
 * the client.
 */
public final class ScriptException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String place;

    ScriptException(String place, String reason, List<StackTraceElement> frames) {
        super(place + ": " + reason, null);
        this.place = place;
        setStackTrace(frames.toArray(StackTraceElement[]::new));
    }

    /** File, line and column where they are known, else the file alone. */
    public String place() {
        return place;
    }
}
