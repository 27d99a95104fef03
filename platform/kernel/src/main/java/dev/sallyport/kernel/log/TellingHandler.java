package dev.sallyport.kernel.log;

import dev.sallyport.api.telemetry.LogEvent;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** Tells somebody of each record, on the thread that logs it. */
final class TellingHandler extends Handler {

    private static final Formatter MESSAGE = new Formatter() {
        @Override
        public String format(LogRecord record) {
            return formatMessage(record);
        }
    };

    private final BooleanSupplier isWanted;
    private final Consumer<LogEvent> listener;

    /** The thread that is within the listener: what it logs there is not told. */
    private final ThreadLocal<@Nullable Boolean> telling = new ThreadLocal<>();

    TellingHandler(BooleanSupplier isWanted, Consumer<LogEvent> listener) {
        this.isWanted = isWanted;
        this.listener = listener;
    }

    @Override
    public void publish(LogRecord record) {
        if (!isWanted.getAsBoolean() || telling.get() != null) {
            return;
        }
        telling.set(true);
        try {
            listener.accept(event(record));
        } catch (RuntimeException odd) {
            // Such as a message that cannot be made: whoever logs has nothing to do with it, and the log itself has it
            // anyway.
        } finally {
            telling.remove();
        }
    }

    private static LogEvent event(LogRecord record) {
        Throwable thrown = record.getThrown();
        String logger = record.getLoggerName();
        return new LogEvent(
                record.getInstant(),
                LogEvent.Level.valueOf(Levels.name(record)),
                logger == null ? "" : logger,
                Thread.currentThread().getName(),
                MESSAGE.format(record),
                thrown == null ? null : Levels.stack(thrown));
    }

    @Override
    public void flush() {
        // It keeps nothing.
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
