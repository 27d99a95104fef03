package dev.sallyport.kernel.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A copy of the configuration that serves, as it was written, so that a restart with broken files still has one. Secrets are
 * in it as references only. Files that the main file's folder does not contain stay where they are.
 */
public final class LastGoodConfig {

    private final Path main;
    private final Path root;
    private final Path folder;

    /**
     * @param main the main file
     * @param root its folder
     */
    public LastGoodConfig(Path main, Path root, Path data) {
        this.main = main;
        this.root = root;
        this.folder = data.resolve("last-good");
    }

    /** The copy of the main file, whether it is there or not. */
    public Path file() {
        return folder.resolve(main.getFileName());
    }

    /** Whether there is a copy. */
    boolean exists() {
        return Files.isRegularFile(file());
    }

    /** Copies the files: beside the old copy first, so that there always is a whole one. */
    void keep(Set<Path> files) throws IOException {
        Path part = folder.resolveSibling("last-good.part");
        Path old = folder.resolveSibling("last-good.old");
        delete(part);
        delete(old);
        for (Path file : files) {
            if (file.startsWith(root) && Files.isRegularFile(file)) {
                Path copy = part.resolve(root.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        if (Files.exists(folder)) {
            Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        delete(old);
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }
}
