package dev.sallyport.kernel.plugin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;

/**
 * A file in the making beside its future place: written, forced to the disk, then renamed at once, so that under its
 * final name it is whole or absent, whenever the machine stops. What is left of one that was never renamed ends in
 * {@value #SUFFIX}.
 */
public final class PartFile implements AutoCloseable {

    public static final String SUFFIX = ".part";

    /** The steps of making a file, each of which can fail. */
    public enum Step {
        OPEN,
        WRITE,
        FORCE,
        RENAME
    }

    /** Sees each step before it is taken; may fail in its stead. Only tests fail. */
    @FunctionalInterface
    public interface Observer {
        Observer NONE = step -> {};

        void before(Step step) throws IOException;
    }

    private final Path folder;
    private final Path path;
    private final FileChannel channel;
    private final Observer observer;

    private PartFile(Path folder, Path path, FileChannel channel, Observer observer) {
        this.folder = folder;
        this.path = path;
        this.channel = channel;
        this.observer = observer;
    }

    /** Opens a new one in that folder. */
    public static PartFile open(Path folder, Observer observer) throws IOException {
        observer.before(Step.OPEN);
        Path path = folder.resolve("." + UUID.randomUUID() + SUFFIX);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new PartFile(folder, path, channel, observer);
    }

    /** Deletes what is left in a folder of files that were never finished; nobody may be writing there. */
    public static void sweep(Path folder) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, ".*" + SUFFIX)) {
            for (Path each : parts) {
                Files.deleteIfExists(each);
            }
        }
    }

    /** The same for what was written last before then, where others may be writing now. */
    public static void sweep(Path folder, Instant before) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, ".*" + SUFFIX)) {
            for (Path each : parts) {
                if (Files.getLastModifiedTime(each).toInstant().isBefore(before)) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    /** Where it is meanwhile. */
    public Path path() {
        return path;
    }

    /** Writes more. */
    public void write(ByteBuffer bytes) throws IOException {
        observer.before(Step.WRITE);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Makes what was written last, also if the machine stops now. */
    public void force() throws IOException {
        observer.before(Step.FORCE);
        channel.force(true);
    }

    /** Gives it its final name, in the same folder; call {@link #force} before. */
    public void rename(Path target) throws IOException {
        observer.before(Step.RENAME);
        channel.close();
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder();
    }

    private void forceFolder() {
        // The name itself is lasting only then. Windows cannot open a folder, and needs none of this.
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException e) {
            return;
        }
    }

    /** Deletes it, unless it was renamed. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }
}
