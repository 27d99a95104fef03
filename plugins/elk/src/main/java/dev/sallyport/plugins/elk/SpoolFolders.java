package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
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
    private static final String DESTINATION = "destination";

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
            try {
                lock.acquiredBy().close();
            } finally {
                System.clearProperty(mark(path));
            }
        }
    }

    /**
     * Where this process notes which folders it owns. Its generations, each in a class loader of its own, share nothing else; and
     * asking the operating system for a second lock is no way to find out: the end of that attempt ends the first lock too
     * (POSIX, {@code fcntl}).
     */
    private static String mark(Path folder) {
        return "sallyport.elk.owned " + folder.toAbsolutePath().normalize();
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

    /**
     * Takes the folders that nobody owns and that hold something.
     *
     * @param destination only those whose records go there; null for all
     */
    static List<Owned> orphans(Path root, @Nullable String destination) throws IOException {
        List<Owned> orphans = new ArrayList<>();
        List<Path> folders;
        try (Stream<Path> all = Files.list(root)) {
            folders = all.filter(folder -> folder.getFileName().toString().startsWith("spool-"))
                    .sorted()
                    .toList();
        }
        for (Path folder : folders) {
            try {
                if (Segment.numbers(folder).isEmpty()
                        || (destination != null && !destination.equals(destinationOf(folder)))) {
                    continue;
                }
                Owned owned = tryLock(folder);
                if (owned != null) {
                    orphans.add(owned);
                }
            } catch (IOException e) {
                // not a folder, or not ours to read; the others may be
            }
        }
        return orphans;
    }

    /** Notes in a folder where its records go, for those who find it when nobody is left who knew. */
    static void setDestination(Path folder, String destination) throws IOException {
        if (!destination.equals(destinationOf(folder))) {
            Files.writeString(folder.resolve(DESTINATION), destination);
        }
    }

    private static @Nullable String destinationOf(Path folder) throws IOException {
        Path file = folder.resolve(DESTINATION);
        return Files.exists(file) ? Files.readString(file) : null;
    }

    private static @Nullable Owned tryLock(Path folder) throws IOException {
        if (System.getProperties().putIfAbsent(mark(folder), "") != null) {
            return null;
        }
        FileLock lock = null;
        try {
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                lock = channel.tryLock();
            } finally {
                if (lock == null) {
                    channel.close();
                }
            }
        } finally {
            if (lock == null) {
                System.clearProperty(mark(folder));
            }
        }
        return lock == null ? null : new Owned(folder, lock);
    }
}
