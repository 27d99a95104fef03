package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Size;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the step {@code access-log}.
 *
 * @param format what a line looks like
 * @param to where lines go
 * @param only which exchanges are written; null for all
 * @param sample how many of the others; null for none, and of all where {@code only} is null too
 * @param headers further request headers for the line
 * @param fields further facts for the line, by names
 * @param service what ECS calls this gateway
 * @param maskQuery further names of query parameters whose values are not written
 * @param queue how many characters may wait for the destination
 */
public record AccessLogConfig(
        @Doc("What a line looks like: json; combined, as of Apache and nginx; ecs, the Elastic Common Schema;"
                + " fields, the JSON of what fields names alone; or a text with expressions in braces.")
        @Default("json")
        Format format,

        @Doc("Where lines go: the process's own streams, a file, or a server of syslog.") @Default("stdout")
        Destination to,

        @Doc("Which exchanges are written, such as completion.status >= 500 || completion.millis > 1000; all, where it"
                + " is not given.")
        @Nullable
        LineCondition only,

        @Doc("Of those that only leaves out, so many are written nevertheless; without only, of all. The request's id"
                + " decides, so that several logs agree.")
        @Nullable
        Percent sample,

        @Doc("Further request headers to write; with json and ecs.")
        List<String> headers,

        @Doc("Further facts to write, by names, as expressions: in json under fields, in ecs as labels, in fields as"
                + " the whole line.")
        Map<String, LineExpression> fields,

        @Doc("What ecs calls this gateway in service.name.") @Default("sallyport")
        String service,

        @Doc("Names of query parameters whose values are written as ***, beside access_token, password and their like.")
        List<String> maskQuery,

        @Doc("How many characters may wait for a destination that is slow or away; what comes then is dropped and"
                + " counted.")
        @Default("4MiB")
        Size queue) {

    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");
    private static final int MOST_FIELDS = 50;
    private static final Size LEAST_QUEUE = new Size(64 << 10);
    private static final Size MOST_QUEUE = new Size(1 << 30);

    /** What a line looks like. */
    public sealed interface Format {

        /** One JSON object a line. */
        record Json() implements Format {}

        /** The combined log format of Apache httpd and nginx. */
        record Combined() implements Format {}

        /** One JSON object a line, in the words of the Elastic Common Schema. */
        record Ecs() implements Format {}

        /** One JSON object a line that has what {@code fields} names and nothing else. */
        record Fields() implements Format {}

        /**
         * Any other text.
         *
         * @param template it
         */
        record Template(
                @Doc("A text with expressions in braces, such as '{client.address} {uri} {completion.status}'; what is"
                        + " absent is written as a dash.")
                LineTemplate template)
                implements Format {}
    }

    /** @throws ConfigException where something cannot be written, or has no place in the format */
    public AccessLogConfig {
        headers = headers.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        maskQuery = List.copyOf(maskQuery);
        boolean hasHeaders = format instanceof Format.Json || format instanceof Format.Ecs;
        if (!hasHeaders && !headers.isEmpty()) {
            throw new ConfigException(
                    "headers", headers + " (expected: none, the format has no place for them); use json or ecs");
        }
        for (String name : headers) {
            if (SECRET.contains(name)) {
                throw new ConfigException("headers", name + " (expected: another header, this one carries secrets)");
            }
        }
        if (format instanceof Format.Fields ? fields.isEmpty() : !hasHeaders && !fields.isEmpty()) {
            throw new ConfigException(
                    "fields",
                    fields.isEmpty()
                            ? "missing (expected: what a line has, such as {status: completion.status}); add it"
                            : fields.keySet()
                                    + " (expected: none, the format has no place for them); use json, ecs or fields");
        }
        if (format instanceof Format.Ecs) {
            Map<String, String> labels = new HashMap<>();
            for (String name : fields.keySet()) {
                String other = labels.put(name.replace('.', '_'), name);
                if (other != null) {
                    throw new ConfigException(
                            "fields",
                            other + " and " + name
                                    + " (expected: names that differ; ecs writes a dot as _); rename one");
                }
            }
        }
        if (fields.size() > MOST_FIELDS) {
            throw new ConfigException("fields", fields.size() + " (expected: at most " + MOST_FIELDS + ")");
        }
        if (queue.compareTo(LEAST_QUEUE) < 0 || queue.compareTo(MOST_QUEUE) > 0) {
            throw new ConfigException("queue", queue + " (expected: " + LEAST_QUEUE + " to " + MOST_QUEUE + ")");
        }
    }

    /** Whether expressions are evaluated. */
    boolean evaluates() {
        return only != null || !fields.isEmpty() || format instanceof Format.Template;
    }

    /** How many characters may wait. */
    int mostWaiting() {
        return (int) queue.bytes();
    }
}
