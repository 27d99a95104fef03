package dev.sallyport.kernel.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Numbers generations from 1, over restarts: the last one taken is kept in {@code data/generation}. */
public final class GenerationNumbers {

    private final Path file;
    private int last;

    public GenerationNumbers(Path data) throws IOException {
        file = data.resolve("generation");
        try {
            last = Integer.parseInt(Files.readString(file).strip());
        } catch (NoSuchFileException first) {
            last = 0;
        } catch (NumberFormatException e) {
            throw new IOException(
                    file + ": not a number (expected: that of the last generation); delete it to begin anew", e);
        }
    }

    /** The number for the next generation; the same until it is taken. */
    int next() {
        return last + 1;
    }

    /** That generation serves. */
    void taken(int number) throws IOException {
        Path part = file.resolveSibling("generation.part");
        Files.writeString(part, number + "\n");
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        last = number;
    }
}
