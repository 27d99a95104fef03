package dev.sallyport.kernel.market;

import dev.sallyport.kernel.plugin.Plugins;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Files that are fetched, by the SHA-256 that they must have. A download that broke off goes on where it did. Under its
 * final name a file is whole and has that hash, or is absent.
 */
final class Downloads {

    private static final Duration KEPT = Duration.ofDays(7);
    private static final String PART = ".part";

    private final Path folder;
    private final Path own;
    private final Clock clock;
    private final Pace pace;

    /** @param folder made when something is fetched */
    Downloads(Path folder, Clock clock, Pace pace) {
        this.folder = folder;
        this.own = folder.resolve(UUID.randomUUID().toString());
        this.clock = clock;
        this.pace = pace;
    }

    /** Reads a small file whole; null where there is none. */
    byte @Nullable [] small(MarketFiles files, String file, int most) throws MarketException {
        try (MarketFiles.Opened opened = files.open(file, 0, "")) {
            if (opened == null) {
                return null;
            }
            try (InputStream in = new PacedInput(opened.in(), pace)) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                byte[] buffer = new byte[16 << 10];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    bytes.write(buffer, 0, read);
                    if (bytes.size() > most) {
                        throw new MarketException(files.place(file) + " has more than " + most
                                + " bytes, which no such file has; ask who runs the marketplace");
                    }
                }
                return bytes.toByteArray();
            }
        } catch (IOException e) {
            throw broken(files.place(file), e);
        }
    }

    /**
     * Fetches a file.
     *
     * @param size how many bytes it has: not one more is written
     * @return where it is now: in a folder of this command's own, where nobody else deletes it
     */
    Path fetch(MarketFiles files, String file, String sha256, long size, Progress progress) throws MarketException {
        Path whole = own.resolve(sha256 + ".jar");
        Path part = folder.resolve(sha256 + PART);
        try {
            Files.createDirectories(folder);
            tidy();
            if (Files.isRegularFile(whole) && Plugins.hash(whole).equals(sha256)) {
                return whole;
            }
            try (FileChannel channel = FileChannel.open(
                            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel, file)) {
                try {
                    if (!Files.isRegularFile(part)) {
                        throw busy(file);
                    }
                    complete(files, file, channel, part, sha256, size, progress);
                    Files.createDirectories(own);
                    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    Files.deleteIfExists(validator(part));
                } finally {
                    deleteEmpty(part);
                    lock.release();
                }
            }
            return whole;
        } catch (IOException e) {
            throw broken(files.place(file), e);
        }
    }

    /** Fetches what is missing, and compares the whole; the lock is held. */
    private void complete(
            MarketFiles files, String file, FileChannel channel, Path part, String sha256, long size, Progress progress)
            throws IOException, MarketException {
        boolean resumed = transfer(files, file, channel, validator(part), size, progress);
        String found = hash(channel);
        if (!found.equals(sha256) && resumed) {
            // The beginning may be of another file: once more, from its start.
            channel.truncate(0);
            transfer(files, file, channel, validator(part), size, progress);
            found = hash(channel);
        }
        if (!found.equals(sha256)) {
            channel.truncate(0);
            throw new MarketException(files.place(file) + " is not what the index lists: its bytes have the"
                    + " sha256 " + found + " (expected: " + sha256 + "); it was altered there or on the way;"
                    + " fetch it from another mirror, or ask who runs the marketplace");
        }
        channel.force(true);
    }

    /** Whoever holds the lock alone may. */
    private static void deleteEmpty(Path part) {
        try {
            if (Files.isRegularFile(part) && Files.size(part) == 0) {
                Files.deleteIfExists(validator(part));
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            return; // the next download tidies it
        }
    }

    private static FileLock lock(FileChannel channel, String file) throws IOException, MarketException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException sameProcess) {
            // the same answer
        }
        throw busy(file);
    }

    private static MarketException busy(String file) {
        return new MarketException(file + " is being fetched by another command; wait until that is done");
    }

    /** Fetches what is missing; whether there was something already. */
    private boolean transfer(
            MarketFiles files, String file, FileChannel channel, Path validator, long size, Progress progress)
            throws IOException, MarketException {
        long have = channel.size();
        if (have > size) {
            channel.truncate(0);
            have = 0;
        }
        if (have == size) {
            return true;
        }
        String before =
                Files.isRegularFile(validator) ? Files.readString(validator).strip() : "";
        try (MarketFiles.Opened opened = files.open(file, have, before)) {
            if (opened == null) {
                throw new MarketException(files.place(file)
                        + " is not there, though the index lists it; a mirror may hold a part of the plugins alone");
            }
            channel.truncate(opened.from()).position(opened.from());
            Files.writeString(validator, opened.validator());
            long at = opened.from();
            byte[] buffer = new byte[64 << 10];
            OutputStream out = Channels.newOutputStream(channel);
            try (InputStream in = new PacedInput(opened.in(), pace)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    at += read;
                    if (at > size) {
                        channel.truncate(0);
                        throw new MarketException(files.place(file) + " has more than the " + size
                                + " bytes that the index lists; it was altered there or on the way; fetch it from"
                                + " another mirror, or ask who runs the marketplace");
                    }
                    out.write(buffer, 0, read);
                    progress.at(file, at, size);
                }
            }
            if (at < size) {
                throw new IOException("it ended after " + at + " of " + size + " bytes");
            }
            return opened.from() > 0;
        }
    }

    private static Path validator(Path part) {
        return part.resolveSibling(part.getFileName() + ".of");
    }

    private static String hash(FileChannel channel) throws IOException {
        MessageDigest digest = digest();
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        channel.position(0);
        while (channel.read(buffer) >= 0) {
            digest.update(buffer.flip());
            buffer.clear();
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of something small. */
    static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** What nobody came back for. */
    private void tidy() throws IOException {
        FileTime old = FileTime.from(clock.instant().minus(KEPT));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path each : all) {
                if (Files.getLastModifiedTime(each).compareTo(old) < 0) {
                    delete(each);
                }
            }
        } catch (NoSuchFileException e) {
            return; // another command was quicker
        }
    }

    private static void delete(Path left) throws IOException {
        if (Files.isDirectory(left, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(left)) {
                for (Path each : all) {
                    Files.deleteIfExists(each);
                }
            }
        }
        Files.deleteIfExists(left);
    }

    private static MarketException broken(String place, IOException e) {
        String why = e.getMessage() == null ? e.toString() : e.getClass().getSimpleName() + ": " + e.getMessage();
        return new MarketException(place + " cannot be fetched (" + why
                + "); run the same command again: what has come is kept, and it goes on from there");
    }

    /** A small file's text. */
    @Nullable
    String text(MarketFiles files, String file, int most) throws MarketException {
        byte[] bytes = small(files, file, most);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
