package dev.sallyport.marketplace;

import java.util.regex.Pattern;

/**
 * Which plugin ids a publisher may sign: {@code acme-} for all that begin so, {@code rate-limit} for that one, {@code *} for
 * all. A prefix ends in a separator, so that {@code acme} never means {@code acmecorp-x} too.
 *
 * @param text as it is written
 */
public record IdPrefix(String text) {

    private static final Pattern FORM = Pattern.compile("\\*|[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    public IdPrefix {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(text
                    + " (expected: a prefix of plugin ids such as acme-, a whole id, or \"*\"); write one of these");
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static IdPrefix parse(String text) {
        return new IdPrefix(text);
    }

    /** Whether it means that plugin. */
    public boolean covers(String id) {
        boolean isPrefix = text.endsWith("-") || text.endsWith(".") || text.endsWith("_");
        return text.equals("*") || (isPrefix ? id.startsWith(text) : id.equals(text));
    }

    @Override
    public String toString() {
        return text;
    }
}
