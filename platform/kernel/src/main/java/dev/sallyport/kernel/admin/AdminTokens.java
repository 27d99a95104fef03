package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.config.GatewayConfig.AdminToken;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of the admin API: one that is made at the first start, in a file that only its owner can read, and those whose
 * hashes the configuration lists. Thread-safe.
 */
public final class AdminTokens {

    private static final String PREFIX = "sha256:";

    private final byte[] ownHash;
    private final Supplier<List<AdminToken>> configured;

    /** Those that pages have made for their callers. */
    private final MintedTokens minted = new MintedTokens(System::nanoTime);

    private AdminTokens(byte[] ownHash, Supplier<List<AdminToken>> configured) {
        this.ownHash = ownHash;
        this.configured = configured;
    }

    /**
     * Reads {@code admin.token} in that folder; makes it where it is not there.
     *
     * @param configured those of the configuration that serves, asked for at each request
     */
    public static AdminTokens in(Path data, Supplier<List<AdminToken>> configured) throws IOException {
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
        return new AdminTokens(hash(token), configured);
    }

    private static void create(Path file, String token) throws IOException {
        if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)
                    .close();
        }
        Files.writeString(file, token + "\n", StandardCharsets.US_ASCII);
    }

    /**
     * Who calls: whose token an {@code Authorization} header carries; without such a header, whose certificate the client
     * has shown. It takes as long whichever it is, and where it is none: null.
     *
     * @param certificate one that TLS has found to be good; null for none
     */
    @Nullable
    Caller find(@Nullable String authorization, @Nullable X509Certificate certificate) {
        if (authorization == null && certificate != null) {
            byte[] hash = hash(certificate);
            return configured.get().stream()
                    .filter(token ->
                            token.certificate() != null && MessageDigest.isEqual(hash, bytes(token.certificate())))
                    .findFirst()
                    .map(token -> new Caller(token.name(), token.role()))
                    .orElse(null);
        }
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return null;
        }
        byte[] hash = hash(authorization.substring(7).strip());
        Caller found = find(hash);
        return found == null ? minted.find(hash, this::checkHash) : found;
    }

    /** Those that were minted for a short time. */
    MintedTokens minted() {
        return minted;
    }

    /** Whose token that is, of those that last; null where it is nobody's. */
    @Nullable
    Caller check(String token) {
        return find(hash(token));
    }

    /** The same by the token's hash, SHA-256 in hex. */
    @Nullable
    Caller checkHash(String sha256) {
        return sha256.length() == 64 ? find(HexFormat.of().parseHex(sha256)) : null;
    }

    private @Nullable Caller find(byte[] hash) {
        Caller found = MessageDigest.isEqual(hash, ownHash) ? new Caller("admin", Role.ADMIN) : null;
        for (AdminToken token : configured.get()) {
            if (token.hash() != null && MessageDigest.isEqual(hash, bytes(token.hash()))) {
                found = new Caller(token.name(), token.role());
            }
        }
        return found;
    }

    private static byte[] bytes(String hash) {
        return HexFormat.of().parseHex(hash.substring(PREFIX.length()));
    }

    private static byte[] hash(X509Certificate certificate) {
        try {
            return hash(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e); // it came encoded
        }
    }

    static byte[] hash(String token) {
        return hash(token.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
