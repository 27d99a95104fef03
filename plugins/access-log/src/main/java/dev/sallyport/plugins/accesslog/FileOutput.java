package dev.sallyport.plugins.accesslog;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a file, and to the new one of its name once the old one was moved away, as logrotate does, or as it does so
 * itself by a {@link Rotation}. Several may append to one file, also of other loaders and processes: each sees that another
 * has put it aside.
 */
final class FileOutput implements Output {

    private static final Duration BETWEEN_FAILURES = Duration.ofSeconds(10);

    private final Path path;
    private final Logger logger;
    private final InstantSource clock;
    private final @Nullable Rotation rotation;
    private final @Nullable Archives archives;
    private FileChannel channel;
    /** Which file was opened; null where the system has no such thing. */
    private @Nullable Object key;
    /** The hour or day of what is in the file. */
    private Instant period = Instant.MIN;
    /** When it may be tried again to put the file aside. */
    private Instant notBefore = Instant.MIN;
    /** Whether the last line may have been written in part. */
    private boolean torn;

    /** @param rotation null for a file that others put aside, if anybody does */
    FileOutput(Path path, @Nullable Rotation rotation, InstantSource clock, Logger logger) throws IOException {
        this.path = path;
        this.rotation = rotation;
        this.clock = clock;
        this.logger = logger;
        channel = open();
        key = key();
        archives = rotation == null ? null : new Archives(path, rotation, logger);
        period = period();
        if (archives != null) {
            archives.tidy();
        }
    }

    @Override
    public void write(List<String> lines) throws IOException {
        if (wasMoved()) {
            reopen();
        } else {
            putAsideWhereDue();
        }
        byte[] bytes = Output.joined(lines);
        boolean wasTorn = torn;
        torn = true;
        if (wasTorn) {
            write(new byte[] {'\n'});
        }
        write(bytes);
        torn = false;
    }

    private void write(byte[] bytes) throws IOException {
        for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
            channel.write(left);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (archives != null) {
            archives.close();
        }
    }

    /** Where that fails, lines go on to the file that there is, and it is tried again later. */
    private void putAsideWhereDue() {
        if (clock.instant().isBefore(notBefore)) {
            return;
        }
        try {
            if (isDue()) {
                putAside();
            }
        } catch (IOException e) {
            notBefore = clock.instant().plus(BETWEEN_FAILURES);
            logger.log(Level.WARNING, "access log to " + path + ": goes on in the same file, since " + e);
        }
    }

    private boolean isDue() throws IOException {
        if (rotation == null) {
            return false;
        }
        long size = channel.size();
        return size > 0
                && ((rotation.size() != null && size >= rotation.size().bytes())
                        || (rotation.every() != null
                                && !rotation.every().period(clock.instant()).equals(period)));
    }

    /** Of two that want to, one does; the other sees at its next line that the file was moved. */
    private void putAside() throws IOException {
        Archives to = Objects.requireNonNull(archives);
        try (FileLock mine = channel.tryLock(Archives.LOCKED, 1, false)) {
            if (mine == null) {
                return;
            }
            if (!wasMoved()) {
                to.putAside(clock.instant());
            }
        } catch (OverlappingFileLockException anotherDoesIt) {
            return;
        }
        reopen();
        to.tidy();
    }

    private void reopen() throws IOException {
        FileChannel before = channel;
        channel = open();
        before.close();
        key = key();
        period = period();
        torn = false;
    }

    private Instant period() throws IOException {
        if (rotation == null || rotation.every() == null) {
            return Instant.MIN;
        }
        Instant moment = channel.size() == 0
                ? clock.instant()
                : Files.getLastModifiedTime(path).toInstant();
        return rotation.every().period(moment);
    }

    private boolean wasMoved() throws IOException {
        try {
            return !Objects.equals(key, key());
        } catch (NoSuchFileException moved) {
            return true;
        }
    }

    private FileChannel open() throws IOException {
        Path folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private @Nullable Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
