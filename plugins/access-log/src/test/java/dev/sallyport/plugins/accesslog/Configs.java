package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.accesslog.AccessLogConfig.Format;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings with the defaults of those that a test does not name. */
final class Configs {

    static final Size QUEUE = new Size(4 << 20);

    private Configs() {}

    static AccessLogConfig of(Format format, Destination to) {
        return of(format, to, List.of(), Map.of());
    }

    static AccessLogConfig json(String... headers) {
        return of(new Format.Json(), new Destination.Stdout(), List.of(headers), Map.of());
    }

    static AccessLogConfig template(String template) {
        return of(new Format.Template(LineTemplate.parse(template)), new Destination.Stdout());
    }

    static AccessLogConfig fields(Format format, String... namesAndExpressions) {
        Map<String, LineExpression> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndExpressions.length; i += 2) {
            fields.put(namesAndExpressions[i], LineExpression.parse(namesAndExpressions[i + 1]));
        }
        return of(format, new Destination.Stdout(), List.of(), fields);
    }

    static AccessLogConfig only(Destination to, @Nullable String only, @Nullable Percent sample) {
        return new AccessLogConfig(
                new Format.Json(),
                to,
                only == null ? null : LineCondition.parse(only),
                sample,
                List.of(),
                Map.of(),
                "sallyport",
                List.of(),
                QUEUE);
    }

    private static AccessLogConfig of(
            Format format, Destination to, List<String> headers, Map<String, LineExpression> fields) {
        return new AccessLogConfig(format, to, null, null, headers, fields, "sallyport", List.of(), QUEUE);
    }
}
