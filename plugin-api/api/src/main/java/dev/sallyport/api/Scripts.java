package dev.sallyport.api;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's JavaScript engine: compiles a module of the scripts folder into a filter.
 *
 * <pre>{@code
 * export default async function (request, next, { config, exchange }) {
 *   const response = await next(request);
 *   response.headers.set("x-region", config.region ?? "eu");
 *   return response;
 * }
 * }</pre>
 */
public interface Scripts {

    /**
     * Reads, links and warms a script. When its file, or one that it imports, changes, the step is made anew.
     *
     * @param file relative to the scripts folder
     * @param config what the script sees as {@code config}, of JSON shapes
     * @param fetch where the script may send requests of its own; empty for nowhere
     * @throws ConfigException where there is no such file, or it does not compile: with file, line and column
     */
    Filter load(String file, Map<String, ?> config, Limits limits, Isolation isolation, List<Origin> fetch)
            throws ConfigException;

    /** How much one call shares with the calls before it. */
    enum Isolation {
        /** The module is evaluated anew for each request, in a context whose built-in objects are frozen. */
        REQUEST,
        /** Each request has a fresh context: dearer, and proof also against what freezing does not reach. */
        CONTEXT,
        /** Module variables live from one request to the next, for as long as the context does. */
        NONE
    }

    /** What one call may use; a call that exceeds a limit is cut off and answers 500. */
    record Limits(
            @Doc("Processor time.") @Default("250ms") Duration cpu,

            @Doc("Time from start to end, what it awaits from next not counted.") @Default("5s")
            Duration wall,

            @Doc("Statements run; 0 for no limit, since counting them costs a script a third more.")
            @Default("0")
            @Min(0)
            long statements,

            @Doc("Memory allocated.") @Default("64MiB") Size memory,

            @Doc("Size of a request or response body that the script reads, or fetches.") @Default("1MiB")
            Size body,

            @Doc("Size of a body that the script makes.") @Default("10MiB")
            Size output,

            @Doc("Requests sent by fetch.") @Default("10") @Min(0)
            int fetches,

            @Doc("Lines that all calls of the script log together; further ones are counted and left out.")
            @Default("100/s")
            Rate log) {}

    /**
     * Where a script may send requests to: {@code https://api.example.com}, {@code http://127.0.0.1:8080}, or every name
     * below one, {@code https://*.example.com}. Immutable.
     */
    final class Origin {

        private static final Pattern FORM =
                Pattern.compile("(https?)://(\\*\\.)?(\\[[0-9a-f:.]+]|[0-9a-z._-]+)(?::(\\d{1,5}))?");

        private final String text;
        private final String scheme;
        private final boolean below;
        private final String host;
        private final int port;

        private Origin(String text, String scheme, boolean below, String host, int port) {
            this.text = text;
            this.scheme = scheme;
            this.below = below;
            this.host = host;
            this.port = port;
        }

        /**
         * Reads the written form.
         *
         * @throws IllegalArgumentException where it is not one
         */
        public static Origin parse(String text) {
            Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
            if (!form.matches()) {
                throw new IllegalArgumentException(
                        text + " (expected: https://api.example.com, https://*.example.com or http://127.0.0.1:8080)");
            }
            return new Origin(
                    text, form.group(1), form.group(2) != null, form.group(3), port(form.group(1), form.group(4)));
        }

        private static int port(String scheme, @Nullable String written) {
            if (written != null) {
                return Integer.parseInt(written);
            }
            return scheme.equals("https") ? 443 : 80;
        }

        /** Whether that is at this origin. */
        public boolean holds(URI url) {
            if (url.getHost() == null || url.getRawUserInfo() != null || !scheme.equalsIgnoreCase(url.getScheme())) {
                return false;
            }
            String name = url.getHost().toLowerCase(Locale.ROOT);
            int at = url.getPort() < 0 ? port(scheme, null) : url.getPort();
            return at == port && (below ? name.endsWith("." + host) : name.equals(host));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Origin that && text.equals(that.text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }

        /** The written form. */
        @Override
        public String toString() {
            return text;
        }
    }
}
