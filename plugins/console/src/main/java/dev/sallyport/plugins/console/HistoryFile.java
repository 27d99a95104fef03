package dev.sallyport.plugins.console;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Keeps a {@link History} over restarts: one file, replaced as a whole, so that a stopped machine leaves the old one or the new
 * one. For one thread at a time.
 */
final class HistoryFile {

    private final Path file;
    private final History history;
    private final Clock clock;
    private final Logger log;

    /** Who keeps the file: of several makings of the console, as over a change of its settings, the one that was used last. */
    private final Path owner;

    private final String me = Sessions.random();
    private boolean failing;

    HistoryFile(Path folder, History history, Clock clock, Logger log) {
        this.file = folder.resolve("history.gz");
        this.owner = folder.resolve("history.owner");
        this.history = history;
        this.clock = clock;
        this.log = log;
    }

    /** From now on the file is this one's; reads what there is. One that cannot be read is left out, which the log says. */
    synchronized void claim() {
        try {
            Files.writeString(owner, me);
        } catch (IOException e) {
            failed(e);
        }
        if (!Files.exists(file)) {
            return;
        }
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
            history.read(in, clock.instant().getEpochSecond());
        } catch (IOException | RuntimeException e) {
            log.log(Level.WARNING, "{0} cannot be read, the charts begin anew: {1}", file, e.toString());
        }
    }

    /** Writes it, unless another making of the console keeps it now. */
    synchronized void write() {
        Path part = file.resolveSibling("history.gz.part");
        try {
            if (!Files.exists(owner) || !Files.readString(owner).equals(me)) {
                return;
            }
            try (DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(new FastGzip(Files.newOutputStream(part))))) {
                history.write(out, clock.instant().getEpochSecond());
            }
            try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            failing = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Half the size in a tenth of the time. */
    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private void failed(IOException e) {
        if (!failing) {
            log.log(
                    Level.WARNING,
                    "{0} cannot be written, what the charts show is lost at a restart: {1}",
                    file,
                    e.toString());
        }
        failing = true;
    }
}
