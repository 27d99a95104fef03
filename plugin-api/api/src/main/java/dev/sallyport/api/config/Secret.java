package dev.sallyport.api.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A value that is never shown: written {@code ${env:NAME}} or {@code ${file:path}}; a plain text is accepted with a
 * warning. Its {@code toString} is masked, and every output of the gateway shows the reference in its place.
 */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** The secret that is that text. */
    public static Secret parse(String value) {
        return new Secret(value);
    }

    /** The text. Do not log it. */
    public String value() {
        return value;
    }

    /** Whether it is that text, in a time that does not depend on where they differ. */
    public boolean matches(String text) {
        return MessageDigest.isEqual(value.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that && matches(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
