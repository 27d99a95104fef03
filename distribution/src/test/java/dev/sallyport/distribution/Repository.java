package dev.sallyport.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source tree that this module belongs to. */
final class Repository {

    private static final Path ROOT = Path.of(System.getProperty("sallyport.repository", ".."))
            .toAbsolutePath()
            .normalize();

    private Repository() {}

    static Path file(String name) {
        return ROOT.resolve(name);
    }

    /** All Markdown files, what is built left out. */
    static List<Path> markdown() {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> Stream.of("target", ".git", "node_modules")
                            .noneMatch(
                                    folder -> ROOT.relativize(path).toString().contains(folder + "/")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
