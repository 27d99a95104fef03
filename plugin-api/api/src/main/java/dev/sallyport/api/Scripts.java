package dev.sallyport.api;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.time.Duration;
import java.util.Map;

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
     * @throws ConfigException where there is no such file, or it does not compile: with file, line and column
     */
    Filter load(String file, Map<String, ?> config, Limits limits, Isolation isolation) throws ConfigException;

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

            @Doc("Statements run.") @Default("1000000") @Min(1)
            long statements,

            @Doc("Memory allocated.") @Default("64MiB") Size memory,

            @Doc("Size of a request or response body that the script reads.") @Default("1MiB")
            Size body) {}
}
