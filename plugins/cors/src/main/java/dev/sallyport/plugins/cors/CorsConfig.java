package dev.sallyport.plugins.cors;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The settings of one step. */
public record CorsConfig(
        @Doc("The origins whose pages may call: https://app.example.com, https://*.example.com, http://localhost:*,"
                + " or * for all.")
        @Default("[\"*\"]")
        @Min(1)
        List<OriginRule> origins,

        @Doc("The methods that they may use; * for all.") @Default("[GET, HEAD, POST, PUT, PATCH, DELETE]")
        List<String> methods,

        @Doc("The request headers that they may send; * for all.") @Default("[\"*\"]")
        List<String> headers,

        @Doc("The response headers that they may read, besides those that every page may; * for all.")
        List<String> expose,

        @Doc("Lets them send cookies and certificates of the browser's user along, and read what comes back.")
        boolean credentials,

        @Doc("How long browsers may keep the answer to their question; 0s for not at all.")
        @Default("10m")
        @Min(0)
        @Max(86_400_000)
        Duration maxAge,

        @Doc("Lets pages of the public network call this one where it is in a private network (Private Network"
                + " Access).")
        boolean privateNetwork) {

    private static final String ANY = "*";

    public CorsConfig {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        expose = List.copyOf(expose);
        check("methods", "a method", methods);
        check("headers", "the name of a header", headers);
        check("expose", "the name of a header", expose);
        for (String method : methods) {
            if (!method.equals(method.toUpperCase(Locale.ROOT))) {
                throw new ConfigException(
                        "methods", method + " (expected: " + method.toUpperCase(Locale.ROOT) + "; case matters here)");
            }
        }
        if (credentials) {
            checkCredentials(origins, expose);
        }
    }

    private static void checkCredentials(List<OriginRule> origins, List<String> expose) {
        for (OriginRule origin : origins) {
            if (origin.isAny() || origin.isNull()) {
                throw new ConfigException(
                        "origins",
                        origin + " with credentials: true (expected: the origins by name, such as"
                                + " https://*.example.com; else every page could act for the user and read the"
                                + " answer)");
            }
        }
        if (expose.contains(ANY)) {
            throw new ConfigException(
                    "expose",
                    "* with credentials: true (expected: the headers by name; browsers take * for a name then)");
        }
    }

    private static void check(String key, String what, List<String> names) {
        for (String name : names) {
            try {
                Headers.of(name, "");
            } catch (IllegalArgumentException notAToken) {
                throw new ConfigException(key, "'" + name + "' (expected: " + what + ", or *)");
            }
        }
        if (names.contains(ANY) && names.size() > 1) {
            throw new ConfigException(key, "* and others (expected: * alone, or names)");
        }
    }

    boolean takesAllOrigins() {
        return origins.stream().anyMatch(OriginRule::isAny);
    }

    boolean takesAllMethods() {
        return methods.contains(ANY);
    }

    boolean takesAllHeaders() {
        return headers.contains(ANY);
    }
}
