package dev.sallyport.plugins.accesslog;

import java.io.IOException;
import java.io.InterruptedIOException;
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
 * has put it aside. Those with a rotation lock the file from looking where it is until the lines are in it, so that none puts
 * it aside, and compresses and deletes it, while another one stands still between the two.
 */
final class FileOutput implements Output {

    private static final Duration BETWEEN_FAILURES = Duration.ofSeconds(10);

    /** A place in a file that is never written: whoever locks it writes to the file, or moves it. */
    private static final long WRITING = Archives.LOCKED - 1;

    /** The key of no file. */
    private static final Object NOTHING = new Object();

    private static final int MOST_TRIES = 1_000;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(1);

    private final Path path;
    private final Logger logger;
    private final InstantSource clock;
    private final @Nullable Rotation rotation;
    private final @Nullable Archives archives;
    private Opened file;
    /** The hour or day of what is in the file. */
    private Instant period = Instant.MIN;
    /** When it may be tried again to put the file aside. */
    private Instant notBefore = Instant.MIN;
    /** Whether the last line may have been written in part. */
    private boolean torn;

    /** @param key which file it is; null where the system has no such thing */
    private record Opened(FileChannel channel, @Nullable Object key) {}

    /** @param rotation null for a file that others put aside, if anybody does */
    FileOutput(Path path, @Nullable Rotation rotation, InstantSource clock, Logger logger) throws IOException {
        this.path = path;
        this.rotation = rotation;
        this.clock = clock;
        this.logger = logger;
        file = open();
        archives = rotation == null ? null : new Archives(path, rotation, logger);
        period = period();
        if (archives != null) {
            archives.tidy();
        }
    }

    @Override
    public void write(List<String> lines) throws IOException {
        FileLock mine = lockWhatIsThere();
        try {
            byte[] bytes = Output.joined(lines);
            boolean wasTorn = torn;
            torn = true;
            if (wasTorn) {
                write(new byte[] {'\n'});
            }
            write(bytes);
            torn = false;
        } finally {
            release(mine);
        }
    }

    /** Opens the file anew where it was moved, or is put aside now. */
    private @Nullable FileLock lockWhatIsThere() throws IOException {
        while (true) {
            FileLock mine = lock();
            boolean stays = false;
            try {
                stays = !wasMoved() && (mine == null || !putAsideWhereDue());
                if (stays) {
                    return mine;
                }
            } finally {
                if (!stays) {
                    release(mine);
                }
            }
            reopen();
        }
    }

    /**
     * Null without a rotation, where there are no locks, and where another one stands still with it: then nobody moves the
     * file, so we write without it, and do not move the file either.
     */
    private @Nullable FileLock lock() throws IOException {
        if (rotation == null) {
            return null;
        }
        for (int i = 0; i < MOST_TRIES; i++) {
            try {
                FileLock mine = file.channel().tryLock(WRITING, 1, false);
                if (mine != null) {
                    return mine;
                }
            } catch (OverlappingFileLockException anotherOfThisProcess) {
                // as if it were of another
            } catch (IOException e) { // a file system that has no locks
                goesOn(e);
                return null;
            }
            try {
                Thread.sleep(BETWEEN_TRIES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("given up while another one writes to " + path);
            }
        }
        return null;
    }

    private static void release(@Nullable FileLock lock) throws IOException {
        if (lock != null && lock.acquiredBy().isOpen()) { // which an interrupt closes
            lock.release();
        }
    }

    private void write(byte[] bytes) throws IOException {
        for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
            file.channel().write(left);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            lock(); // with the first of its channels of a file that a process closes, it loses the locks of all
        } finally {
            file.channel().close();
            if (archives != null) {
                archives.close();
            }
        }
    }

    /** Where that fails, lines go on to the file that there is, and it is tried again later. */
    private boolean putAsideWhereDue() {
        Instant now = clock.instant();
        if (archives == null || now.isBefore(notBefore)) {
            return false;
        }
        try {
            if (!isDue(now)) {
                return false;
            }
            archives.putAside(now);
            archives.tidy();
            return true;
        } catch (IOException e) {
            goesOn(e);
            return false;
        }
    }

    private void goesOn(IOException since) {
        Instant now = clock.instant();
        if (!now.isBefore(notBefore)) {
            notBefore = now.plus(BETWEEN_FAILURES);
            logger.log(Level.WARNING, "access log to " + path + ": goes on in the same file, since " + since);
        }
    }

    private boolean isDue(Instant now) throws IOException {
        if (rotation == null) {
            return false;
        }
        long size = file.channel().size();
        return size > 0
                && ((rotation.size() != null && size >= rotation.size().bytes())
                        || (rotation.every() != null
                                && !rotation.every().period(now).equals(period)));
    }

    private void reopen() throws IOException {
        Opened before = file;
        file = open();
        before.channel().close();
        period = period();
        torn = false;
    }

    private Instant period() throws IOException {
        if (rotation == null || rotation.every() == null) {
            return Instant.MIN;
        }
        Instant moment = file.channel().size() == 0
                ? clock.instant()
                : Files.getLastModifiedTime(path).toInstant();
        return rotation.every().period(moment);
    }

    private boolean wasMoved() throws IOException {
        return !Objects.equals(file.key(), keyOfWhatIsNamed());
    }

    /** The file of that name, made where there is none; again where it was moved before it was known which one that is. */
    private Opened open() throws IOException {
        Path folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        while (true) {
            Object key = keyOfWhatIsNamed();
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            boolean known = false;
            try {
                known = key != NOTHING && Objects.equals(key, keyOfWhatIsNamed());
                if (known) {
                    return new Opened(channel, key);
                }
            } finally {
                if (!known) {
                    channel.close();
                }
            }
        }
    }

    private @Nullable Object keyOfWhatIsNamed() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException none) {
            return NOTHING;
        }
    }
}
