package dev.sallyport.kernel.log;

import dev.sallyport.api.telemetry.LogEvent;
import dev.sallyport.kernel.config.GatewayConfig;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * Sets up {@code java.util.logging}, which everything here writes to: our own code and plugins through {@link
 * System.Logger}, libraries through SLF4J. Thread-safe.
 */
public final class GatewayLog {

    /** Libraries that tell more at INFO than an operator wants to read. */
    private static final Map<String, Level> QUIET = Map.of(
            "org.eclipse.jetty", Level.WARNING, "org.pf4j", Level.WARNING, "io.github.resilience4j", Level.WARNING);

    /** Loggers with levels of their own: kept here, since the JDK holds loggers weakly. */
    private final List<Logger> leveled = new ArrayList<>();

    private final boolean isOurs;
    private final Map<String, Temporary> temporary = new TreeMap<>();
    private GatewayConfig.@Nullable Log applied;

    /** A level until then. */
    public record Temporary(GatewayConfig.Level level, Instant until) {}

    /** Takes over the process's logging; writes to standard error until {@link #apply} says otherwise. */
    public GatewayLog() {
        this(true);
        LogManager.getLogManager().reset();
        replaceHandler(new Sink(System.err, false, new TextFormat()));
        levels(GatewayConfig.Level.INFO, Map.of());
    }

    private GatewayLog(boolean isOurs) {
        this.isOurs = isOurs;
    }

    /** One that leaves the process's logging as it is, whatever is applied: for a gateway inside another program. */
    public static GatewayLog untouched() {
        return new GatewayLog(false);
    }

    /**
     * Makes it what the configuration says.
     *
     * @throws IOException where its file cannot be opened; then nothing has changed
     */
    public synchronized void apply(GatewayConfig.Log config) throws IOException {
        if (!isOurs) {
            return;
        }
        GatewayConfig.Log before = applied;
        if (before == null || before.format() != config.format() || !before.to().equals(config.to())) {
            var format = config.format() == GatewayConfig.LogFormat.JSON ? new JsonFormat() : new TextFormat();
            replaceHandler(
                    switch (config.to()) {
                        case "stderr" -> new Sink(System.err, false, format);
                        case "stdout" -> new Sink(System.out, false, format);
                        default -> new Sink(new FileOutputStream(config.to(), true), true, format);
                    });
        }
        levels(config.level(), config.levels());
        applied = config;
    }

    /**
     * Sets another level until then, whatever the configuration says meanwhile.
     *
     * @param logger its name; {@code ""} for all loggers
     */
    public synchronized void set(String logger, GatewayConfig.Level level, Instant until) {
        temporary.put(logger, new Temporary(level, until));
        again();
    }

    /** Sets the configured level again. */
    public synchronized void reset(String logger) {
        temporary.remove(logger);
        again();
    }

    /** Sets those again whose time is over then. */
    public synchronized void expire(Instant then) {
        temporary.values().removeIf(each -> !each.until().isAfter(then));
        again();
    }

    /** The levels that are set for a time, by the logger's name. */
    public synchronized Map<String, Temporary> temporary() {
        return new TreeMap<>(temporary);
    }

    private void again() {
        GatewayConfig.Log config = applied;
        if (config != null) {
            levels(config.level(), config.levels());
        }
    }

    private synchronized void levels(GatewayConfig.Level level, Map<String, GatewayConfig.Level> others) {
        leveled.forEach(logger -> logger.setLevel(null));
        leveled.clear();
        level("", toJdk(level));
        QUIET.forEach(this::level);
        others.forEach((name, other) -> level(name, toJdk(other)));
        temporary.forEach((name, other) -> level(name, toJdk(other.level())));
    }

    private void level(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(level);
        leveled.add(logger);
    }

    /**
     * Tells somebody of each record that is logged from now on, until what is given is closed. What is logged while it is told
     * is not told.
     *
     * @param isWanted asked for each record: whether there is anybody to tell
     */
    public AutoCloseable listen(BooleanSupplier isWanted, Consumer<LogEvent> listener) {
        Handler telling = new TellingHandler(isWanted, listener);
        Logger root = Logger.getLogger("");
        root.addHandler(telling);
        return () -> root.removeHandler(telling);
    }

    private static void replaceHandler(Handler handler) {
        Logger root = Logger.getLogger("");
        for (Handler old : root.getHandlers()) {
            if (old instanceof TellingHandler) {
                continue;
            }
            root.removeHandler(old);
            old.close();
        }
        root.addHandler(handler);
    }

    private static Level toJdk(GatewayConfig.Level level) {
        return switch (level) {
            case TRACE -> Level.FINER;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARN -> Level.WARNING;
            case ERROR -> Level.SEVERE;
            case OFF -> Level.OFF;
        };
    }

    /** Writes each record at once: what was logged before a crash is the part that is needed. */
    private static final class Sink extends StreamHandler {

        private final boolean owned;

        Sink(OutputStream out, boolean owned, java.util.logging.Formatter format) {
            super(out, format);
            this.owned = owned;
            setLevel(Level.ALL);
        }

        @Override
        public synchronized void publish(java.util.logging.LogRecord record) {
            super.publish(record);
            flush();
        }

        @Override
        public synchronized void close() {
            if (owned) {
                super.close();
            } else {
                flush();
            }
        }
    }
}
