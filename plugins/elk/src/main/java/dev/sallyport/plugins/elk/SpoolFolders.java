package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives each pipeline a folder of its own within the step's: while a step is upgraded or its settings change, two of them live at
 * once, and two processes may by mistake. Who has a folder holds a lock on it, which the operating system takes back from the dead;
 * what a folder without an owner still holds is sent by whoever finds it.
 */
final class SpoolFolders {

    private static final int MOST = 1_000;

    private SpoolFolders() {}

    /**
     * A folder that is owned until it is closed.
     *
     * @param path the folder
     * @param lock the lock on it
     */
    record Owned(Path path, FileLock lock) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            lock.acquiredBy().close();
        }
    }

    /** Takes the first folder that nobody owns, with what is in it; it is made where there is none. */
    static Owned claim(Path root) throws IOException {
        for (int i = 1; i <= MOST; i++) {
            Path folder = root.resolve("spool-" + i);
            Files.createDirectories(folder);
            Owned owned = tryLock(folder);
            if (owned != null) {
                return owned;
            }
        }
        throw new IOException(root + ": " + MOST + " spools are in use (expected: one or two)");
    }

    /** Takes the folders that nobody owns and that hold something. */
    static List<Owned> orphans(Path root) throws IOException {
        List<Owned> orphans = new ArrayList<>();
        List<Path> folders;
        try (Stream<Path> all = Files.list(root)) {
            folders = all.filter(folder -> folder.getFileName().toString().startsWith("spool-"))
                    .sorted()
                    .toList();
        }
        for (Path folder : folders) {
            if (Segment.numbers(folder).isEmpty()) {
                continue;
            }
            Owned owned = tryLock(folder);
            if (owned != null) {
                orphans.add(owned);
            }
        }
        return orphans;
    }

    private static @Nullable Owned tryLock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            // owned by another generation of this process
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : new Owned(folder, lock);
    }
}
