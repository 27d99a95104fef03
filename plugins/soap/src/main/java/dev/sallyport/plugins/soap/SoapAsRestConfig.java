package dev.sallyport.plugins.soap;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.Template;
import dev.sallyport.xml.XmlNames;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a step {@code soap-as-rest}. */
public record SoapAsRestConfig(
        @Doc("The WSDL 1.1 of the service behind, relative to the folder of the configuration. What it imports stands"
                + " in its folder or below; nothing is ever fetched. Read again when it changes.")
        Path wsdl,

        @Doc("The name of the service in the WSDL; the first one with a port of SOAP, where it is not given.") @Nullable
        String service,

        @Doc("The name of the port; the first one of SOAP, where it is not given.") @Nullable
        String port,

        @Doc("The path that the upstream is asked at; that of the port's address, where it is not given.") @Nullable
        String path,

        @Doc("What stands before each path of an operation.") @Default("")
        String basePath,

        @Doc("The operations that are published, by their names, and how. Where none is named, all of them are, each"
                + " as POST /NAME.")
        Map<String, Mapping> operations,

        @Doc("Where the OpenAPI document is served, below basePath; empty for nowhere.") @Default("/openapi.json")
        String openapi,

        @Doc("Blocks of the SOAP header that each request gets: names such as {urn:x}Id, and their texts, with"
                + " expressions in braces.")
        Map<String, Template> addHeaders,

        @Doc("Which blocks of SOAP headers JSON has, as the member #headers: those that the WSDL declares, or all, the"
                + " others as XML.")
        @Default("declared")
        Headers headers,

        @Doc("A user name token of WS-Security that each request gets.") @Nullable
        UserNameToken wsSecurity,

        @Doc("The status that a fault is answered by, by the name of the element in its detail.")
        Map<String, Integer> faults,

        @Doc("What becomes of requests for other paths: refused (404, 405) or passed on as they are.")
        @Default("refuse")
        Others otherPaths,

        @Doc("The most bytes of a body, with its coding taken off; more is 413, or 502 for a response.")
        @Default("1MiB")
        Size maxBody,

        @Doc("How deep elements, objects and arrays may be nested.") @Default("100") @Min(1) @Max(100)
        int maxDepth) {

    /** How an operation is published. */
    public record Mapping(
            @Doc("The method.") @Default("POST") String method,

            @Doc("The path; a segment in braces, such as {id} or {order.id}, is a member of the request. /NAME, where"
                    + " it is not given.")
            @Nullable
            String path,

            @Doc("The member that the body holds; * for all that the path does not have. GET and DELETE have no body:"
                    + " there, and of requests whose body is one member, the query has the others.")
            @Default("*")
            String body,

            @Doc("The member of the answer that the body of the response holds; * for all of it.") @Default("*")
            String responseBody,

            @Doc("The status of an answer that is no fault.") @Default("200") @Min(200) @Max(299)
            int status) {

        public Mapping {
            if (path != null && !path.startsWith("/")) {
                throw new ConfigException("path", path + " (expected: to start with /)");
            }
        }

        static Mapping plain() {
            return new Mapping("POST", null, "*", "*", 200);
        }
    }

    /** A user name token (OASIS WSS UsernameToken Profile 1.1.1). */
    public record UserNameToken(
            @Doc("The name.") String username,

            @Doc("The password.") Secret password,

            @Doc("How the password is sent: as text, or as a digest with a nonce and the time.") @Default("text")
            PasswordType type) {}

    /** How a password is sent. */
    public enum PasswordType {
        TEXT,
        DIGEST
    }

    /** Which blocks of headers. */
    public enum Headers {
        DECLARED,
        ALL
    }

    /** What becomes of other requests. */
    public enum Others {
        REFUSE,
        PASS
    }

    public SoapAsRestConfig {
        checkPath("basePath", basePath);
        checkPath("openapi", openapi);
        checkPath("path", path == null ? "" : path);
        if (basePath.endsWith("/")) {
            throw new ConfigException("basePath", basePath + " (expected: not to end with /)");
        }
        faults.forEach((name, status) -> {
            if (status < 400 || status > 599) {
                throw new ConfigException("faults." + name, status + " (expected: 400 to 599)");
            }
        });
        addHeaders.keySet().forEach(name -> {
            int end = name.indexOf('}');
            if (!name.startsWith("{")
                    || !XmlNames.isNamespace(name.substring(1, Math.max(end, 1)))
                    || !XmlNames.isName(name.substring(end + 1))) {
                throw new ConfigException("addHeaders", name + " (expected: such as {urn:x}Id)");
            }
        });
        if (maxBody.bytes() > 1L << 30) {
            throw new ConfigException("maxBody", maxBody + " (expected: at most 1GiB); a body is held in memory");
        }
    }

    private static void checkPath(String key, String path) {
        if (!path.isEmpty() && !path.startsWith("/")) {
            throw new ConfigException(key, path + " (expected: to start with /)");
        }
    }
}
