package dev.sallyport.kernel.doctor;

import java.util.Collections;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Handlers and filters that a plugin has given to loggers of {@code java.util.logging}. */
final class LogHandlers implements Check {

    @Override
    public void visit(Patient patient, Consumer<Finding> findings) {
        LogManager manager = LogManager.getLogManager();
        for (String name : Collections.list(manager.getLoggerNames())) {
            Logger logger = manager.getLogger(name);
            if (logger != null) {
                visit(logger, patient, findings);
            }
        }
    }

    private static void visit(Logger logger, Patient patient, Consumer<Finding> findings) {
        String name = logger.getName().isEmpty() ? "the root logger" : "the logger '" + logger.getName() + "'";
        for (Handler handler : logger.getHandlers()) {
            if (isOf(patient, handler)) {
                logger.removeHandler(handler);
                findings.accept(Finding.healed(
                        patient,
                        Kind.LOG_HANDLER,
                        "the handler " + Reach.readable(handler.getClass()) + " at " + name,
                        "removed"));
            }
        }
        if (patient.owns(logger.getFilter())) {
            logger.setFilter(null);
            findings.accept(Finding.healed(patient, Kind.LOG_HANDLER, "a filter at " + name, "removed"));
        }
    }

    private static boolean isOf(Patient patient, Handler handler) {
        return patient.owns(handler)
                || patient.owns(handler.getFormatter())
                || patient.owns(handler.getFilter())
                || patient.owns(handler.getErrorManager());
    }
}
