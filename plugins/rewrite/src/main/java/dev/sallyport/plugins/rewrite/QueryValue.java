package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.config.Escapes;
import dev.sallyport.api.config.Sight;
import dev.sallyport.api.config.Template;
import org.jspecify.annotations.Nullable;

/**
 * A template of the value of a query parameter, not encoded; see {@link PathTemplate} for what stands in braces.
 *
 * @param template of the value
 */
public record QueryValue(Template template) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static QueryValue parse(String text) {
        return new QueryValue(Template.parse(text, Sight.MATCH));
    }

    /** The value, encoded; null where an expression has none. */
    @Nullable
    String expand(Substitution values) {
        String value = template.fill(values.request(), null, values, Escapes::plain);
        return value == null ? null : Escapes.query(value);
    }

    /** The written form. */
    @Override
    public String toString() {
        return template.toString();
    }
}
