package dev.sallyport.kernel.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A credential that was made just now.
 *
 * @param id what it is called
 * @param key what the consumer is given; null where he knows it already
 * @param settings what the configuration says of it: the hash
 */
record NewCredential(String id, @Nullable String key, ObjectNode settings) {

    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 5;
    private static final int BCRYPT_COST = 12;
    private static final int BCRYPT_BYTES = 72;

    /** A key of 256 random bits that says which it is: scanners for secrets, and people with a trace, can tell it. */
    static NewCredential ofKey(@Nullable String id, @Nullable LocalDate expires) {
        String name = idOr(id);
        String key =
                "sp_" + name + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random(KEY_BYTES));
        ObjectNode settings = JsonMapper.shared()
                .createObjectNode()
                .put("hash", "sha256:" + sha256(key))
                .put("id", name);
        if (expires != null) {
            settings.put("expires", expires.toString());
        }
        return new NewCredential(name, key, settings);
    }

    /** The hash of a password that somebody writes. */
    static NewCredential ofPassword(@Nullable String id) throws CommandException {
        String name = idOr(id);
        byte[] password = read().getBytes(StandardCharsets.UTF_8);
        if (password.length == 0 || password.length > BCRYPT_BYTES) {
            throw new CommandException("the password has " + password.length + " bytes (expected: 1 to " + BCRYPT_BYTES
                    + ", since bcrypt looks at no more)");
        }
        String hash = OpenBSDBCrypt.generate("2y", password, random(16), BCRYPT_COST);
        return new NewCredential(
                name,
                null,
                JsonMapper.shared().createObjectNode().put("hash", hash).put("id", name));
    }

    @SuppressWarnings("SystemConsoleNull") // of JDK 25 it is null again where no terminal is there
    private static String read() throws CommandException {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            try {
                String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
                return line == null ? "" : line;
            } catch (IOException e) {
                throw new CommandException("the standard input cannot be read: " + e.getMessage());
            }
        }
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Again: ");
        if (first == null || !Arrays.equals(first, second)) {
            throw new CommandException("two different passwords (expected: the same twice)");
        }
        return new String(first);
    }

    private static String idOr(@Nullable String id) {
        return id != null ? id : HexFormat.of().formatHex(random(ID_BYTES));
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return random;
    }

    private static String sha256(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
