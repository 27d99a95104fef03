package dev.sallyport.plugins.accesslog;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files that were put aside: {@code access.log.20261126T220907123Z.gz} beside {@code access.log}. They are compressed
 * and the oldest deleted by a thread that lives as long as there is work. Several of these, of two generations or versions
 * of the step, may see to one file at once.
 */
final class Archives implements AutoCloseable {

    /** A place in a file that is never written: whoever locks it sees to the file. */
    static final long LOCKED = Long.MAX_VALUE - 1;

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern ARCHIVE = Pattern.compile("\\d{8}T\\d{9}Z(\\.gz)?");
    private static final Pattern PARTS = Pattern.compile("\\d{8}T\\d{9}Z\\.gz\\.part");
    private static final String COMPRESSED = ".gz";
    private static final String PART = ".part";
    private static final int BUFFER = 64 << 10;
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Path file;
    private final Rotation rotation;
    private final Logger logger;

    private final Object lock = new Object();
    private @Nullable Thread tidying;
    private boolean again;
    private boolean closed;

    /** @param file whose they are; its folder is there */
    Archives(Path file, Rotation rotation, Logger logger) {
        this.file = file;
        this.rotation = rotation;
        this.logger = logger;
    }

    /** Puts the file aside, under a name that is not taken; the caller sees to it that nobody else does so at the same time. */
    void putAside(Instant now) throws IOException {
        Instant moment = now;
        Path aside = named(moment);
        while (Files.exists(aside) || Files.exists(Path.of(aside + COMPRESSED))) {
            moment = moment.plusMillis(1);
            aside = named(moment);
        }
        Files.move(file, aside);
    }

    private Path named(Instant moment) {
        return Path.of(file + "." + NAME.format(moment));
    }

    /** Compresses and deletes, soon and on another thread. */
    void tidy() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            again = true;
            if (tidying == null) {
                tidying = Thread.ofPlatform()
                        .name("access-log archives of " + file)
                        .daemon()
                        .inheritInheritableThreadLocals(false)
                        .start(this::run);
            }
        }
    }

    private void run() {
        while (goesOn()) {
            safely(this::compress);
            safely(this::delete);
        }
    }

    /** Something to do that may fail. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** What fails holds up nothing else. */
    private void safely(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            logger.log(
                    Level.WARNING,
                    "access log to " + file + ": something that was put aside stays as it is, since " + e);
        }
    }

    /** Whoever has just missed that the file was moved still writes to it: so it is given a while. */
    private boolean goesOn() {
        synchronized (lock) {
            long end = System.nanoTime() + QUIET.toNanos();
            for (long left = QUIET.toMillis(); again && !closed && left > 0; ) {
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    closed = true;
                }
                left = (end - System.nanoTime()) / 1_000_000;
            }
            boolean goesOn = again && !closed;
            again = false;
            if (!goesOn) {
                tidying = null;
            }
            return goesOn;
        }
    }

    private void compress() throws IOException {
        if (rotation.compress() == Rotation.Compress.NONE) {
            return;
        }
        for (Path plain : all()) {
            if (!plain.toString().endsWith(COMPRESSED)) {
                safely(() -> compress(plain));
            }
        }
        for (Path part : of(PARTS)) {
            String name = part.toString();
            if (!Files.exists(Path.of(name.substring(0, name.length() - COMPRESSED.length() - PART.length())))) {
                Files.deleteIfExists(part);
            }
        }
    }

    /** Whole or not at all: what is left where the process ended is written over. */
    private void compress(Path plain) throws IOException {
        Path part = Path.of(plain + COMPRESSED + PART);
        try (FileChannel channel = FileChannel.open(plain, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock mine = channel.tryLock(LOCKED, 1, false)) {
            if (mine == null || !Files.exists(plain)) {
                return;
            }
            boolean done = false;
            try {
                done = compress(channel, plain, part);
            } finally {
                if (!done) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (NoSuchFileException | OverlappingFileLockException anotherDoesIt) {
            // or has done it
        }
    }

    /** False where it was not done: it grew meanwhile, or there is no time any more. */
    private boolean compress(FileChannel channel, Path plain, Path part) throws IOException {
        long read = 0;
        // Of the same channel: with the first one of a file that a process closes, it loses the locks of all.
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(part), BUFFER)) {
            for (int length = channel.read(buffer); length >= 0; length = channel.read(buffer.clear())) {
                out.write(buffer.array(), 0, length);
                read += length;
                if (isClosed()) {
                    return false; // done after the next start
                }
            }
        }
        if (Files.size(plain) != read) {
            tidy();
            return false;
        }
        Files.setLastModifiedTime(part, Files.getLastModifiedTime(plain));
        Files.move(part, Path.of(plain + COMPRESSED), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(plain);
        return true;
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** The newest stays, however large it is. */
    private void delete() throws IOException {
        List<Path> newestFirst = all().reversed();
        long bytes = 0;
        for (int i = 0; i < newestFirst.size(); i++) {
            Path archive = newestFirst.get(i);
            try {
                bytes += Files.size(archive);
            } catch (NoSuchFileException compressedOrDeleted) {
                continue;
            }
            if (i >= rotation.keep() || (i > 0 && bytes > rotation.total().bytes())) {
                safely(() -> Files.deleteIfExists(archive));
            }
        }
    }

    /** All of them, the oldest first. */
    List<Path> all() throws IOException {
        return of(ARCHIVE);
    }

    private List<Path> of(Pattern form) throws IOException {
        String prefix = file.getFileName() + ".";
        try (Stream<Path> files = Files.list(file.toAbsolutePath().getParent())) {
            return files.filter(each -> {
                        String name = each.getFileName().toString();
                        return name.startsWith(prefix)
                                && form.matcher(name.substring(prefix.length())).matches();
                    })
                    .sorted()
                    .toList();
        }
    }

    /** Leaves undone what is not done. */
    @Override
    public void close() {
        Thread running;
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
            running = tidying;
        }
        if (running != null) {
            try {
                running.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
