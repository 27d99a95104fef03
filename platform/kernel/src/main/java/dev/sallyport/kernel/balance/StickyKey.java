package dev.sallyport.kernel.balance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** What sticky cookies are made with: made once, and kept in a file that only its owner can read. */
public final class StickyKey {

    private static final int BYTES = 32;

    private StickyKey() {}

    /** The key of the gateway with that data folder. */
    public static byte[] in(Path data) {
        Path file = data.resolve("sticky.key");
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[BYTES];
                new SecureRandom().nextBytes(random);
                create(file, HexFormat.of().formatHex(random));
            }
            return Files.readString(file, StandardCharsets.US_ASCII).strip().getBytes(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read or made", e);
        }
    }

    private static void create(Path file, String key) throws IOException {
        if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)
                    .close();
        }
        Files.writeString(file, key + "\n", StandardCharsets.US_ASCII);
    }
}
