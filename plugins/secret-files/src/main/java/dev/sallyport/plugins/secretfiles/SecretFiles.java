package dev.sallyport.plugins.secretfiles;

import dev.sallyport.api.SecretSource;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads each secret from a file of its own. What leads out of the folder, by its name or by a link, is not there. */
final class SecretFiles implements SecretSource {

    private static final int MOST_BYTES = 1 << 20;

    private final Path folder;

    SecretFiles(Path folder) {
        this.folder = folder;
    }

    @Override
    public @Nullable String secret(String key) throws IOException {
        try {
            Path real = folder.resolve(key).toRealPath();
            // Orchestrators exchange all files at once by links, which stay inside.
            if (!real.startsWith(folder.toRealPath()) || !Files.isRegularFile(real)) {
                return null;
            }
            if (Files.size(real) > MOST_BYTES) {
                throw new IOException(key + " is longer than 1MiB");
            }
            return withoutLineEnd(Files.readString(real));
        } catch (NoSuchFileException | InvalidPathException absent) {
            return null;
        } catch (CharacterCodingException e) {
            throw new IOException(key + " is no text in UTF-8", e);
        }
    }

    /** Reading a few files costs nothing. */
    @Override
    public Duration askAgain() {
        return Duration.ofSeconds(1);
    }

    /** Editors put one at the end of each file; none of them is meant. */
    private static String withoutLineEnd(String text) {
        int end = text.endsWith("\r\n") ? 2 : text.endsWith("\n") ? 1 : 0;
        return text.substring(0, text.length() - end);
    }
}
