package dev.sallyport.kernel.config;

import java.util.regex.Pattern;

/**
 * The SHA-256 of a file's bytes: {@code sha256:9f86…}.
 *
 * @param hex in lower case
 */
public record Sha256(String hex) {

    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Sha256 parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    text + " (expected: sha256: and 64 lower-case hex digits); take them from `sha256sum`");
        }
        return new Sha256(text.substring("sha256:".length()));
    }

    @Override
    public String toString() {
        return "sha256:" + hex;
    }
}
