package dev.sallyport.kernel.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** What both formats need of a record. */
final class Levels {

    private Levels() {}

    /** The level under the name that the configuration has for it. */
    static String name(LogRecord record) {
        int level = record.getLevel().intValue();
        if (level >= Level.SEVERE.intValue()) {
            return "ERROR";
        } else if (level >= Level.WARNING.intValue()) {
            return "WARN";
        } else if (level >= Level.INFO.intValue()) {
            return "INFO";
        }
        return level >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    static String stack(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }
}
