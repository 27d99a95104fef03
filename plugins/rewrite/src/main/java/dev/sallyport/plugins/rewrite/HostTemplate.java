package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.config.Escapes;
import dev.sallyport.api.config.Sight;
import dev.sallyport.api.config.Template;
import org.jspecify.annotations.Nullable;

/**
 * A template of a host and its port if any; see {@link PathTemplate} for what stands in braces.
 *
 * @param template of the host
 */
public record HostTemplate(Template template) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one, or could never be a host
     */
    public static HostTemplate parse(String text) {
        Template template = Template.parse(text, Sight.MATCH);
        StringBuilder example = new StringBuilder();
        template.parts().forEach(part -> example.append(part instanceof Template.Text plain ? plain.text() : "1"));
        if (!HostName.isOne(example.toString())) {
            throw HostName.notOne(text);
        }
        return new HostTemplate(template);
    }

    /** The host; null where that is none, or an expression has no value. */
    @Nullable
    HostName expand(Substitution values) {
        String host = template.fill(values.request(), null, values, Escapes::plain);
        return host != null && HostName.isOne(host) ? new HostName(host) : null;
    }

    /** The written form. */
    @Override
    public String toString() {
        return template.toString();
    }
}
