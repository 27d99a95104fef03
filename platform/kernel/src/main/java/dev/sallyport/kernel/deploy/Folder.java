package dev.sallyport.kernel.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Folders that the gateway makes and deletes as a whole. */
final class Folder {

    private Folder() {}

    /** A folder with those files and no others. */
    static Path of(Path folder, Map<String, byte[]> files) throws IOException {
        delete(folder);
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            Path file = folder.resolve(each.getKey()).normalize();
            if (!file.startsWith(folder)) {
                throw new IOException(each.getKey() + " (expected: a name inside the folder)");
            }
            Files.createDirectories(file.resolveSibling(""));
            Files.write(file, each.getValue());
        }
        return folder;
    }

    /** Deletes it with all that is in it, if it is there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    /** Deletes all folders in it but those. */
    static void deleteOthers(Path parent, Path... kept) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (Stream<Path> all = Files.list(parent)) {
            for (Path one : all.toList()) {
                if (Stream.of(kept).noneMatch(one::equals)) {
                    delete(one);
                }
            }
        }
    }
}
