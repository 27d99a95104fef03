package dev.sallyport.plugins.accesslog;

import dev.sallyport.records.EcsLines;
import dev.sallyport.records.JsonLines;
import dev.sallyport.records.JsonOut;
import dev.sallyport.records.QueryMask;

/** Makes the line of an exchange, without its end. Used by many threads at once. */
@FunctionalInterface
interface Writing {

    String line(Ended ended);

    /** The way of writing that the settings ask for. */
    static Writing of(AccessLogConfig config) {
        QueryMask mask = new QueryMask(config.maskQuery());
        return switch (config.format()) {
            case AccessLogConfig.Format.Json() -> json(config, mask);
            case AccessLogConfig.Format.Ecs() -> ecs(config, mask);
            case AccessLogConfig.Format.Combined() -> {
                CombinedLines lines = new CombinedLines(mask);
                yield ended -> lines.line(ended.request(), ended.completion());
            }
            case AccessLogConfig.Format.Fields() -> {
                FieldValues fields = new FieldValues(config.fields(), mask);
                yield ended -> fields.write(new JsonOut(), ended).text();
            }
            case AccessLogConfig.Format.Template(LineTemplate template) -> new TemplateLines(template.template(), mask);
        };
    }

    private static Writing json(AccessLogConfig config, QueryMask mask) {
        JsonLines lines = new JsonLines(mask, config.headers());
        if (config.fields().isEmpty()) {
            return ended -> lines.line(ended.request(), ended.completion());
        }
        FieldValues fields = new FieldValues(config.fields(), mask);
        return ended -> {
            JsonOut line = lines.object(ended.request(), ended.completion()).object("fields");
            return fields.write(line, ended).end().text();
        };
    }

    private static Writing ecs(AccessLogConfig config, QueryMask mask) {
        EcsLines lines = new EcsLines(mask, config.headers(), new EcsLines.Service(config.service(), null, null));
        FieldValues fields = new FieldValues(config.fields(), mask);
        return ended -> lines.line(
                ended.request(),
                ended.completion(),
                config.fields().isEmpty()
                        ? EcsLines.Further.NONE
                        : new EcsLines.Further(null, null, null, fields.texts(ended)));
    }
}
