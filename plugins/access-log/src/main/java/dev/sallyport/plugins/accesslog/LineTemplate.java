package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.Sight;
import dev.sallyport.api.config.Template;

/**
 * The template of a line.
 *
 * @param template may see how the exchange has ended
 */
public record LineTemplate(Template template) {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one, would write secrets, or is more than a line
     */
    public static LineTemplate parse(String text) {
        Template template = Template.parse(text, Sight.COMPLETION);
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a text of several lines (expected: one line); take the others out");
        }
        if (template.names().isEmpty()) {
            throw new IllegalArgumentException(text
                    + " (expected: an expression in braces, such as {completion.status}); each line would be the same");
        }
        Masking.refuseSecrets(text, template.names());
        return new LineTemplate(template);
    }

    /** The written form. */
    @Override
    public String toString() {
        return template.toString();
    }
}
