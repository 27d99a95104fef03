package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The settings of the step {@code access-log}.
 *
 * @param format what a line looks like
 * @param to where lines go
 * @param headers further request headers for the line, of the format {@code json} only
 * @param maskQuery further names of query parameters whose values are not written
 */
public record AccessLogConfig(
        @Doc("What a line looks like: json, or combined as of Apache and nginx.") @Default("json")
        Format format,

        @Doc("Where lines go: stdout, stderr or {file: path}.") @Default("stdout")
        Destination to,

        @Doc("Further request headers to write; only with json.")
        List<String> headers,

        @Doc("Names of query parameters whose values are written as ***, beside access_token, password and their like.")
        List<String> maskQuery) {

    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    /** What a line looks like. */
    public enum Format {
        /** One JSON object a line. */
        JSON,
        /** The combined log format of Apache httpd and nginx. */
        COMBINED
    }

    /** @throws ConfigException where a header cannot be written */
    public AccessLogConfig {
        headers = headers.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        maskQuery = List.copyOf(maskQuery);
        if (format == Format.COMBINED && !headers.isEmpty()) {
            throw new ConfigException(
                    "headers", headers + " (expected: none, the format combined has no place for them)");
        }
        for (String name : headers) {
            if (SECRET.contains(name)) {
                throw new ConfigException("headers", name + " (expected: another header, this one carries secrets)");
            }
        }
    }
}
