package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Template;
import dev.sallyport.records.QueryMask;

/** Lines of a template: what is absent is a dash, what could end a value or a line is written as nginx does. */
final class TemplateLines implements Writing {

    private final Template template;
    private final Masking masking;

    TemplateLines(Template template, QueryMask mask) {
        this.template = template;
        masking = new Masking(mask, template.names());
    }

    @Override
    public String line(Ended ended) {
        Request request = masking.request(ended.request());
        Response response = masking.response(ended.request(), ended.response());
        StringBuilder line = new StringBuilder(256);
        for (Template.Part part : template.parts()) {
            switch (part) {
                case Template.Text plain -> line.append(plain.text());
                case Template.Value value -> {
                    String text = value.expression().value(request, response, null);
                    Escaped.append(
                            line, text == null ? null : masking.value(value.expression(), text, ended.request()), '"');
                }
            }
        }
        return line.toString();
    }
}
