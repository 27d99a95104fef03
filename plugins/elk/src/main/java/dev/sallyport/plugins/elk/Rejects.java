package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Records that were refused for ever, kept in a file for whoever mends the cause: one JSON object a line, {@code {"reason": …,
 * "document": …}}. The file and the one before it have a bounded size each. For one thread.
 */
final class Rejects {

    private static final long MOST = 8 << 20;

    private final Path file;

    Rejects(Path folder) {
        file = folder.resolve("rejected.ndjson");
    }

    /** Keeps one. */
    void keep(Outcome.Rejection rejection) throws IOException {
        if (Files.exists(file) && Files.size(file) > MOST) {
            Files.move(file, file.resolveSibling("rejected.1.ndjson"), StandardCopyOption.REPLACE_EXISTING);
        }
        String line = "{\"reason\":"
                + Texts.quoted(rejection.reason())
                + ",\"id\":"
                + Texts.quoted(rejection.entry().id())
                + ",\"document\":"
                + new String(rejection.entry().json(), StandardCharsets.UTF_8)
                + "}\n";
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    Path file() {
        return file;
    }
}
