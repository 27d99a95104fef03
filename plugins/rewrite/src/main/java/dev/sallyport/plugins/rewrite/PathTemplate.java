package dev.sallyport.plugins.rewrite;

/**
 * A path in which {@code {name}} and {@code $1} stand for values; {@code $$} is the sign itself.
 *
 * @param text as written
 * @param template what it is made of
 */
public record PathTemplate(String text, Template template) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one, or could never be a path
     */
    public static PathTemplate parse(String text) {
        Template template = Template.parse(text);
        StringBuilder example = new StringBuilder();
        template.parts().forEach(part -> example.append(part instanceof Template.Text plain ? plain.text() : "x"));
        if (!text.startsWith("/") || text.startsWith("//") || !NormalPath.isNormal(example.toString())) {
            throw new IllegalArgumentException(
                    text + " (expected: a path such as /v2/orders, percent-encoded, without .. and query)");
        }
        return new PathTemplate(text, template);
    }

    String expand(Substitution values) {
        if (template.parts().size() == 1 && template.parts().getFirst() instanceof Template.Text plain) {
            return plain.text();
        }
        StringBuilder path = new StringBuilder();
        template.parts().forEach(part -> path.append(values.inPath(part)));
        return path.toString();
    }

    /** The written form. */
    @Override
    public String toString() {
        return text;
    }
}
