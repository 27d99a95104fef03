package dev.sallyport.plugins.keyauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of a key, written {@code sha256:} and 64 lower-case hexadecimal digits.
 *
 * <p>A plain hash is enough, unlike for passwords: keys are random and long, so there is nothing to guess that salt and
 * slowness would have to protect.
 *
 * @param hex the digits
 */
public record KeyHash(String hex) {

    private static final String PREFIX = "sha256:";
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

    public KeyHash {
        if (!DIGITS.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "(expected: sha256: and the 64 lower-case hexadecimal digits of the key's"
                            + " SHA-256, not the key itself)");
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one; its message does not repeat the text, which may be a key
     */
    public static KeyHash parse(String text) {
        return new KeyHash(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "");
    }

    /** The hash of a key. */
    static KeyHash of(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return new KeyHash(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** The front of the written form: enough to find it in a file, too little to look a weak key up by. */
    @Override
    public String toString() {
        return PREFIX + hex.substring(0, 8) + "…";
    }
}
