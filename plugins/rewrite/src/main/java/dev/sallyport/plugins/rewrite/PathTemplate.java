package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.config.Sight;
import dev.sallyport.api.config.Template;
import org.jspecify.annotations.Nullable;

/**
 * A template of a path, as it goes over the wire: {@code $1} and {@code {name}} are groups of the regular expression or path
 * parameters, other expressions in braces what they are everywhere; {@code $$} is the sign itself.
 *
 * @param template begins with a slash, or with the path of the request
 */
public record PathTemplate(Template template) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one, or could never be a path
     */
    public static PathTemplate parse(String text) {
        Template template = Template.parse(text, Sight.MATCH);
        StringBuilder example = new StringBuilder();
        for (Template.Part part : template.parts()) {
            example.append(
                    switch (part) {
                        case Template.Text plain -> plain.text();
                        case Template.Value value -> isPath(value) ? "/x" : "x";
                    });
        }
        String path = example.toString();
        if (!path.startsWith("/") || path.startsWith("//") || !NormalPath.isNormal(path)) {
            throw new IllegalArgumentException(
                    text + " (expected: a path such as /v2/orders, percent-encoded, without .. and query)");
        }
        return new PathTemplate(template);
    }

    private static boolean isPath(Template.Value value) {
        return value.expression().toString().equals(Substitution.PATH);
    }

    /** The path; null where an expression has no value. */
    @Nullable
    String expand(Substitution values) {
        return template.fill(values.request(), null, values, values::inPath);
    }

    /** The written form. */
    @Override
    public String toString() {
        return template.toString();
    }
}
