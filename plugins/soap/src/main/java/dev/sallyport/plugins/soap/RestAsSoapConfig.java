package dev.sallyport.plugins.soap;

import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import dev.sallyport.xml.XmlNames;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a step {@code rest-as-soap}. */
public record RestAsSoapConfig(
        @Doc("The WSDL 1.1 that clients speak by, relative to the folder of the configuration. What it imports"
                + " stands in its folder or below; nothing is ever fetched. Read again when it changes."
                + " Where it is not given, one is made of operations.")
        @Nullable
        Path wsdl,

        @Doc("The name of the service in the WSDL; the first one with a port of SOAP, where it is not given. Of a WSDL"
                + " that is made, the name that it gets.")
        @Nullable
        String service,

        @Doc("The name of the port; the first one of SOAP, where it is not given.") @Nullable
        String port,

        @Doc("The namespace of a WSDL that is made.") @Nullable
        String namespace,

        @Doc("The operations, by their names, and the requests of REST that they become. At least one.") @Min(1)
        Map<String, Mapping> operations,

        @Doc("The address that the WSDL tells its readers; the one that they asked at, where it is not given.")
        @Nullable
        URI address,

        @Doc("Which blocks of SOAP headers JSON has, as the member #headers: those that the WSDL declares, or all, the"
                + " others as XML. A block that must be understood and is none of these is refused.")
        @Default("declared")
        SoapAsRestConfig.Headers headers,

        @Doc("What becomes of requests that are neither SOAP nor for the WSDL: refused (405, 415) or passed on as they"
                + " are.")
        @Default("refuse")
        SoapAsRestConfig.Others otherRequests,

        @Doc("The most bytes of a body, with its coding taken off; more is 413, or 502 for a response.")
        @Default("1MiB")
        Size maxBody,

        @Doc("How deep elements, objects and arrays may be nested.") @Default("100") @Min(1) @Max(100)
        int maxDepth) {

    /** The request that an operation becomes. */
    public record Mapping(
            @Doc("The method.") @Default("POST") String method,

            @Doc("The path; a segment in braces, such as {id} or {order.id}, is a member of the message.")
            String path,

            @Doc("The member of the message that is the body; * for all that the path does not have. GET and DELETE"
                    + " have no body: there, and where the body is one member, the others go into the query.")
            @Default("*")
            String body,

            @Doc("The member of the answer that the response's body is; * for all of it.") @Default("*")
            String responseBody,

            @Doc("For a WSDL that is made: the JSON Schema of the message, an object. Types, properties, required,"
                    + " items, enum, format and $ref to #/$defs are looked at.")
            Map<String, Object> input,

            @Doc("The same for the answer.") Map<String, Object> output) {

        public Mapping {
            if (!path.startsWith("/")) {
                throw new ConfigException("path", path + " (expected: to start with /)");
            }
            if (method.isBlank() || !method.equals(method.toUpperCase(Locale.ROOT))) {
                throw new ConfigException("method", method + " (expected: a method such as GET)");
            }
            StringBuilder fixed = new StringBuilder();
            for (String segment : path.substring(1).split("/", -1)) {
                fixed.append('/').append(Routes.isParameter(segment) ? "x" : segment);
            }
            try {
                var _ = new RequestTarget(fixed.toString(), null);
            } catch (IllegalArgumentException e) {
                throw new ConfigException(
                        "path", path + " (expected: a path without a query, encoded, such as /orders/{id})");
            }
        }
    }

    public RestAsSoapConfig {
        if (wsdl == null && (namespace == null || service == null)) {
            throw new ConfigException(
                    "",
                    "no wsdl, and no namespace or service (expected: wsdl, or namespace and service to make one of)");
        }
        if (wsdl != null && namespace != null) {
            throw new ConfigException("namespace", namespace + " (expected: none, since wsdl has one); leave one out");
        }
        for (Map.Entry<String, Mapping> each : operations.entrySet()) {
            boolean described = !each.getValue().input().isEmpty()
                    || !each.getValue().output().isEmpty();
            if (wsdl != null && described) {
                throw new ConfigException(
                        "operations." + each.getKey(), "input or output (expected: neither, since the WSDL has them)");
            }
            if (wsdl == null && !XmlNames.isName(each.getKey())) {
                throw new ConfigException("operations", each.getKey() + " (expected: a name that XML can have)");
            }
        }
        if (maxBody.bytes() > 1L << 30) {
            throw new ConfigException("maxBody", maxBody + " (expected: at most 1GiB); a body is held in memory");
        }
    }
}
