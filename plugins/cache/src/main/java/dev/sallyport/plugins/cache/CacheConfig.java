package dev.sallyport.plugins.cache;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.StoreName;
import dev.sallyport.api.config.TellsApart;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a cache. */
public record CacheConfig(
        @Doc("How long a response is fresh that says nothing of it. Without it, a tenth of the time since it was last"
                + " modified, as RFC 9111 suggests, at most a day.")
        @Nullable
        Duration ttl,

        @Doc("Keeps each response for ttl, whatever it says; not its Set-Cookie. Statuses of errors only with"
                + " negative.")
        boolean force,

        @Doc("What else tells requests apart, beside scheme, host, path and query: consumer,"
                + " header.accept-currency. With query.NAME among them, only those parameters of the query count.")
        @TellsApart
        List<Expression> key,

        @Doc("Whether requests are told apart by their bodies too, up to 1 MiB; needed for methods with a body.")
        boolean keyBody,

        @Doc("The methods whose responses are kept. GET answers HEAD as well.") @Default("[GET]")
        List<String> methods,

        @Doc("For fields that responses vary by: the values that are told apart, of which the first one that the"
                + " request names counts; with an empty list the field is not looked at.")
        Map<String, List<String>> vary,

        @Doc("The largest body that is kept.") @Default("8MiB")
        Size maxBody,

        @Doc("The most responses that are kept for one URL, by what they vary by.")
        @Default("200")
        @Min(1)
        @Max(100_000)
        int maxVariants,

        @Doc("Where responses are kept: memory, or the name of a service that several gateways share. Of a shared one,"
                + " memory keeps what is asked for often.")
        @Default("memory")
        @StoreName
        String store,

        @Doc("How long an answer of 404, 405, 410, 414, 451 or 501 is fresh that says nothing of it.") @Nullable
        Duration negative,

        @Doc("How long after its end a response may still be answered while it is fetched anew beside, where it says"
                + " nothing of that.")
        @Default("0s")
        Duration staleWhileRevalidate,

        @Doc("How long after its end a response may be answered where the upstream fails, where it says nothing of"
                + " that.")
        @Default("0s")
        Duration staleIfError,

        @Doc("How long a request waits for another one that fetches the same, before it asks the upstream by itself.")
        @Default("5s")
        @Min(1)
        @Max(60_000)
        Duration lockTimeout,

        @Doc("Whether requests may say how fresh an answer must be (Cache-Control, Pragma).") @Default("true")
        boolean obeyRequests,

        @Doc("Leaves the field Cache-Status out of the responses.")
        boolean hideStatus) {

    /** Checks what one key says against the others. */
    public CacheConfig {
        if (force && ttl == null) {
            throw new ConfigException("force", "without ttl (expected: ttl beside it); say for how long");
        }
        for (String method : methods) {
            if (!method.equals("GET") && !method.equals("POST") && !method.equals("QUERY")) {
                throw new ConfigException("methods", method + " (expected: GET, POST or QUERY); remove it");
            }
            if (!method.equals("GET") && !keyBody) {
                throw new ConfigException(
                        "methods",
                        method + " (expected: keyBody: true beside it, else all bodies get one answer); add it");
            }
        }
        if (maxBody.bytes() > Integer.MAX_VALUE / 2) {
            throw new ConfigException("maxBody", maxBody + " (expected: less than 1GiB)");
        }
    }
}
