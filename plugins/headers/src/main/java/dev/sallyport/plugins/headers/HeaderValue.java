package dev.sallyport.plugins.headers;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Escapes;
import dev.sallyport.api.config.Sight;
import dev.sallyport.api.config.Template;
import org.jspecify.annotations.Nullable;

/**
 * A template of a header's value. What its expressions give never ends the field: line breaks, other control characters and
 * characters beyond ASCII are put in percent-encoded, as UTF-8.
 *
 * @param template may see the response
 */
public record HeaderValue(Template template) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one, or cannot stand in a header
     */
    public static HeaderValue parse(String text) {
        Template template = Template.parse(text, Sight.RESPONSE);
        for (Template.Part part : template.parts()) {
            if (part instanceof Template.Text plain) {
                Headers.of("value", plain.text());
            }
        }
        return new HeaderValue(template);
    }

    /** The value for a request; null where one of its expressions has none. */
    @Nullable
    String of(Request request, @Nullable Response response) {
        return template.fill(request, response, null, Escapes::field);
    }

    /** The written form. */
    @Override
    public String toString() {
        return template.toString();
    }
}
