package dev.sallyport.plugins.circuitbreaker;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the circuits of a step in its folder: which are open until when, and which are forced; a small file each. So
 * they are the same after the plugin was upgraded, the settings changed or the gateway started again. A circuit that is closed
 * has no file. Thread-safe: a file is exchanged whole.
 */
final class Kept {

    /** The name of what was said of all circuits. */
    static final String ALL = "*";

    /** So long after its end a circuit is still known to have been open, and the next call tries it. */
    private static final Duration LINGER = Duration.ofMinutes(1);

    private final Supplier<Path> folder;
    private final Clock clock;
    private final Logger log;
    private final AtomicBoolean tidied = new AtomicBoolean();

    /**
     * How a circuit is.
     *
     * @param forced what people have said that it is; null where its calls say
     * @param until until when it is open; the epoch for one that is forced
     */
    record State(@Nullable Forced forced, Instant until) {}

    /** @param folder where; asked for when there is something to read or to keep */
    Kept(Supplier<Path> folder, Clock clock, Logger log) {
        this.folder = folder;
        this.clock = clock;
        this.log = log;
    }

    /** How a circuit was; null where it was closed, or that is long ago. */
    @Nullable
    State find(String name) {
        if (tidied.compareAndSet(false, true)) {
            tidy();
        }
        return read(file(name));
    }

    private @Nullable State read(Path file) {
        try {
            if (!Files.exists(file)) {
                return null;
            }
            String[] lines = Files.readString(file).split("\n", 3);
            Forced forced = lines[0].equals("open") ? null : Forced.valueOf(lines[0]);
            Instant until = Instant.ofEpochMilli(Long.parseLong(lines[1]));
            if (forced == null && until.plus(LINGER).isBefore(clock.instant())) {
                Files.deleteIfExists(file);
                return null;
            }
            return new State(forced, until);
        } catch (IOException | RuntimeException e) { // whatever somebody has made of the file
            tell(e);
            return null;
        }
    }

    /** Deletes what is long ago: targets come and go with discovery, and some never come back. */
    private void tidy() {
        try (Stream<Path> files = Files.list(folder.get())) {
            files.forEach(this::read);
        } catch (IOException e) {
            tell(e);
        }
    }

    void open(String name, Instant until) {
        write(name, "open", until);
    }

    void force(String name, Forced forced) {
        write(name, forced.name(), Instant.EPOCH);
    }

    void forget(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            tell(e);
        }
    }

    private void write(String name, String state, Instant until) {
        Path file = file(name);
        try {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, state + "\n" + until.toEpochMilli() + "\n" + name + "\n");
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            tell(e);
        }
    }

    /** A target's URL is no name of a file. */
    private Path file(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return folder.get().resolve(HexFormat.of().formatHex(hash, 0, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }

    /** The circuit goes on; only what comes after this instance will not know of it. */
    private void tell(Exception e) {
        log.log(Level.WARNING, "what is kept of circuits cannot be read or written: {0}", e.toString());
    }
}
