package dev.sallyport.plugins.rewrite;

/**
 * The value of a query parameter, not encoded, in which {@code {name}} and {@code $1} stand for values; {@code $$} is the
 * sign itself.
 *
 * @param text as written
 * @param template what it is made of
 */
public record QueryValue(String text, Template template) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static QueryValue parse(String text) {
        return new QueryValue(text, Template.parse(text));
    }

    String expand(Substitution values) {
        StringBuilder value = new StringBuilder();
        template.parts().forEach(part -> value.append(values.inQuery(part)));
        return value.toString();
    }

    /** The written form. */
    @Override
    public String toString() {
        return text;
    }
}
