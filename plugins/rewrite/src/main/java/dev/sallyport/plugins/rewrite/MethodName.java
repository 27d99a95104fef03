package dev.sallyport.plugins.rewrite;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A method that a request may be given.
 *
 * @param text in capitals
 */
public record MethodName(String text) {

    private static final Pattern FORM = Pattern.compile("[A-Z][A-Z0-9_-]{0,39}");

    /** Those of a connection, and of a loop back: the gateway does not send them. */
    private static final Set<String> REFUSED = Set.of("CONNECT", "TRACE");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static MethodName parse(String text) {
        if (!FORM.matcher(text).matches() || REFUSED.contains(text)) {
            throw new IllegalArgumentException(
                    text + " (expected: a method in capitals such as POST, not CONNECT or TRACE)");
        }
        return new MethodName(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
