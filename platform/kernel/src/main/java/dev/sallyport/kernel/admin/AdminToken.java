package dev.sallyport.kernel.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The token of the admin API: made at the first start, in a file that only its owner can read. */
public final class AdminToken {

    private final byte[] token;

    private AdminToken(byte[] token) {
        this.token = token;
    }

    /** Reads {@code admin.token} in that folder; makes it where it is not there. */
    public static AdminToken in(Path data) throws IOException {
        Path file = data.resolve("admin.token");
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            create(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        String token = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (token.length() < 20) {
            throw new IOException(file + ": " + token.length()
                    + " characters (expected: 20 or more); delete it, and a new one is made");
        }
        return new AdminToken(token.getBytes(StandardCharsets.US_ASCII));
    }

    private static void create(Path file, String token) throws IOException {
        if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)
                    .close();
        }
        Files.writeString(file, token + "\n", StandardCharsets.US_ASCII);
    }

    /** Whether an {@code Authorization} header carries it, in a time that does not depend on where they differ. */
    boolean admits(@Nullable String authorization) {
        return authorization != null
                && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                && MessageDigest.isEqual(authorization.substring(7).strip().getBytes(StandardCharsets.UTF_8), token);
    }
}
