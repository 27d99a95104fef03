package dev.sallyport.plugins.maintenance;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Who says whether there is maintenance. What a command said is kept in a file, so that it holds over a change of the settings,
 * an upgrade and a restart. Thread-safe.
 */
final class Switch {

    /** Where it stands. */
    enum Mode {
        /** The settings say, by the time. */
        AUTO,
        /** A command: there is. */
        ON,
        /** A command: there is not. */
        OFF;

        /** As commands have it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Path file;
    private final Logger log;
    private volatile Mode mode;

    /** @param folder the step's own */
    Switch(Path folder, Logger log) {
        file = folder.resolve("command");
        this.log = log;
        mode = read();
    }

    private Mode read() {
        try {
            return Files.exists(file) ? Mode.valueOf(Files.readString(file)) : Mode.AUTO;
        } catch (IOException | IllegalArgumentException e) {
            log.log(Level.WARNING, "{0} cannot be read: {1}", file, e.toString());
            return Mode.AUTO;
        }
    }

    Mode mode() {
        return mode;
    }

    /** From now on it stands there. */
    synchronized void become(Mode next) {
        mode = next;
        try {
            if (next == Mode.AUTO) {
                Files.deleteIfExists(file);
            } else {
                Files.writeString(file, next.name());
            }
        } catch (IOException e) {
            log.log(Level.WARNING, "{0} cannot be written, so a restart forgets the command: {1}", file, e.toString());
        }
    }
}
