package dev.sallyport.testgateway;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Keeps what is logged in this process while it is open, beside the handlers that there are. Texts only: a record may hold
 * an exception of a plugin, and so its class loader.
 */
final class CapturedLog extends Handler {

    private static final int MOST = 10_000;

    private final Deque<String> lines = new ArrayDeque<>();

    static CapturedLog open() {
        CapturedLog log = new CapturedLog();
        log.setFormatter(new SimpleFormatter());
        Logger.getLogger("").addHandler(log);
        return log;
    }

    @Override
    public void publish(LogRecord record) {
        Throwable thrown = record.getThrown();
        String line = record.getLevel() + " " + record.getLoggerName() + ": "
                + getFormatter().formatMessage(record)
                + (thrown == null ? "" : " (" + thrown + ")");
        synchronized (lines) {
            if (lines.size() == MOST) {
                lines.removeFirst();
            }
            lines.add(line);
        }
    }

    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
