package dev.sallyport.kernel.script;

import dev.sallyport.api.config.Rate;
import java.lang.System.Logger.Level;

/** Where a script logs, and how much: what is over its rate is counted and told with the next line. Thread-safe. */
final class ScriptLog {

    private final System.Logger logger;
    private final Rate rate;
    private long windowEnds;
    private long left;
    private long leftOut;

    ScriptLog(System.Logger logger, Rate rate) {
        this.logger = logger;
        this.rate = rate;
    }

    /** The logger itself, for what the gateway has to say of the script. */
    System.Logger gateway() {
        return logger;
    }

    boolean isLoggable(Level level) {
        return logger.isLoggable(level);
    }

    /** A line of the script's own. */
    void log(Level level, String script, String line) {
        long before;
        synchronized (this) {
            long now = System.nanoTime();
            if (windowEnds == 0 || now - windowEnds >= 0) {
                windowEnds = now + rate.per().toNanos();
                left = rate.amount();
            }
            if (left == 0) {
                leftOut++;
                return;
            }
            left--;
            before = leftOut;
            leftOut = 0;
        }
        if (before > 0) {
            logger.log(Level.WARNING, script + ": " + before + " lines left out (limits.log: " + rate + ")");
        }
        logger.log(level, line);
    }
}
