package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.accesslog.Rotation.Compress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A log and what was put aside of it, as a test looks at them. */
record LogFiles(Path log) {

    private static final Rotation ANY = new Rotation(new Size(4 << 10), null, 1, new Size(4 << 10), Compress.NONE);

    /** What was put aside, the oldest first. */
    List<Path> archives() {
        try {
            return new Archives(log, ANY, System.getLogger("test")).all();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether all of that is compressed. */
    boolean areCompressed() {
        return archives().stream().allMatch(each -> each.toString().endsWith(".gz"));
    }

    /** All lines of all files, the oldest first. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Path file : archives()) {
            lines.addAll(read(file).lines().toList());
        }
        lines.addAll(read(log).lines().toList());
        return lines;
    }

    static String read(Path file) {
        try {
            return file.toString().endsWith(".gz")
                    ? new String(new GZIPInputStream(Files.newInputStream(file)).readAllBytes())
                    : Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A hundred of them are a bit more than 4 KiB. */
    static String line(int number) {
        return "%06d of forty-one bytes with its end..".formatted(number);
    }
}
