package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of a step {@code grpc-json}. */
public record GrpcJsonConfig(
        @Doc("Where the services are described: {descriptors: FILE}, {protos: {files: […]}} or {reflection: {}}.")
        Description from,

        @Doc("The services that are served, such as shop.v1.Orders; none for all that are described.")
        List<String> services,

        @Doc("How methods are reached: annotations by their google.api.http rules, methods by POST"
                + " /package.Service/Method.")
        @Default("[annotations, methods]")
        Set<Mapping> mappings,

        @Doc("What stands before each path, such as /api.") @Default("")
        String basePath,

        @Doc("What becomes of requests that reach no method: refused (404, 405) or passed on as they are.")
        @Default("refuse")
        Unmatched unmatched,

        @Doc("What becomes of members and query parameters that the message has no field for: refused (400) or"
                + " ignored.")
        @Default("refuse")
        Unknown unknown,

        @Doc("Query parameters that are for others and no fields, such as an API key's.")
        List<String> ignoredQuery,

        @Doc("Also writes fields that have their default value.")
        boolean defaults,

        @Doc("Writes the names of fields as the description has them, such as user_name, and not as userName. Both"
                + " are read.")
        boolean protoNames,

        @Doc("Writes enums as numbers.") boolean enumNumbers,

        @Doc("How streams are answered to clients whose Accept chooses nothing; see the page.") @Default("json-lines")
        Streams streams,

        @Doc("The most bytes of one message, as JSON and as protobuf; more is 413, or 502 for an answer.")
        @Default("4MiB")
        Size maxMessage,

        @Doc("How deep objects and arrays of a message may be nested.") @Default("64") @Min(1) @Max(90)
        int maxDepth) {

    /** How methods are reached. */
    public enum Mapping {
        /** By their {@code google.api.http} rules. */
        ANNOTATIONS,
        /** By POST and the path that they have in gRPC. */
        METHODS
    }

    /** What becomes of requests that reach no method. */
    public enum Unmatched {
        REFUSE,
        PASS
    }

    /** What becomes of what a message has no field for. */
    public enum Unknown {
        REFUSE,
        IGNORE
    }

    /** How a stream of messages is written. */
    public enum Streams {
        /** Each on a line of its own. */
        JSON_LINES,
        /** As an array. */
        ARRAY,
        /** As events of a server-sent stream. */
        SSE
    }

    /** Checks what one key says against the others. */
    public GrpcJsonConfig {
        services = List.copyOf(services);
        mappings = Set.copyOf(mappings);
        ignoredQuery = List.copyOf(ignoredQuery);
        if (mappings.isEmpty()) {
            throw new ConfigException("mappings", "[] (expected: annotations, methods); name one");
        }
        if (!basePath.isEmpty() && (!basePath.startsWith("/") || basePath.endsWith("/"))) {
            throw new ConfigException("basePath", basePath + " (expected: to start with / and not to end with it)");
        }
        if (maxMessage.bytes() > Integer.MAX_VALUE / 4) {
            throw new ConfigException("maxMessage", maxMessage + " (expected: at most 512MiB)");
        }
    }

    /** The most bytes of a message. */
    int limit() {
        return (int) maxMessage.bytes();
    }

    /** Whether what has no field is left out. */
    boolean ignoresUnknown() {
        return unknown == Unknown.IGNORE;
    }

    /** A path without the base path; null where it does not begin with that. */
    @Nullable
    String within(String path) {
        if (basePath.isEmpty()) {
            return path;
        }
        return path.startsWith(basePath) && path.startsWith("/", basePath.length())
                ? path.substring(basePath.length())
                : null;
    }
}
