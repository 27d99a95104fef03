package dev.sallyport.plugins.headers;

import dev.sallyport.api.Headers;

/**
 * The name of a field, or the beginning of names with {@code *} after it.
 *
 * @param text as written
 */
public record NamePattern(String text) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static NamePattern parse(String text) {
        int star = text.indexOf('*');
        if (text.isEmpty() || star == 0 || (star > 0 && star < text.length() - 1)) {
            throw new IllegalArgumentException(
                    text + " (expected: a name, or its beginning and *, such as x-internal-*)");
        }
        return new NamePattern(text);
    }

    boolean isWhole() {
        return !text.endsWith("*");
    }

    Headers removeFrom(Headers fields) {
        if (isWhole()) {
            return fields.without(text);
        }
        Headers left = fields;
        for (String name : fields.names()) {
            if (name.regionMatches(true, 0, text, 0, text.length() - 1) && !FieldName.isTheGateways(name)) {
                left = left.without(name);
            }
        }
        return left;
    }

    @Override
    public String toString() {
        return text;
    }
}
