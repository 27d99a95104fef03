package dev.sallyport.plugins.extauth;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Secret;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who decides, and how it is asked. */
public sealed interface Service {

    /** Where it is. */
    URI url();

    /** A service that knows nothing of gateways: what it answers to a request like the client's is the decision. */
    record Http(
            @Doc("What is asked for. 2xx lets the request pass; 401, 403 and redirects are answered to the client.")
            URI url,

            @Doc("The method to ask with; original for that of the request.") @Default("GET")
            String method)
            implements Service {

        private static final Pattern METHOD = Pattern.compile("original|[A-Z]{3,20}");

        public Http {
            check(url);
            if (!METHOD.matcher(method).matches()) {
                throw new ConfigException("method", "'" + method + "' (expected: such as GET or POST, or original)");
            }
        }
    }

    /** Open Policy Agent, by its data API. */
    record Opa(
            @Doc("Where Open Policy Agent listens, without a path.")
            URI url,

            @Doc("The rule to ask for, with slashes: gateway/authz/allow.")
            String path,

            @Doc("The bearer token that it asks for.") @Nullable
            Secret token)
            implements Service {

        private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*");

        public Opa {
            check(url);
            String own = url.getRawPath();
            if (own != null && !own.isEmpty() && !own.equals("/")) {
                throw new ConfigException("url", url + " (expected: no path; the rule stands in the key path)");
            }
            if (!PATH.matcher(path).matches()) {
                throw new ConfigException("path", "'" + path + "' (expected: a rule such as gateway/authz/allow)");
            }
        }
    }

    private static void check(URI url) {
        boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        if (!http || url.getHost() == null || url.getRawFragment() != null) {
            throw new ConfigException("url", url + " (expected: an http or https URL)");
        }
    }
}
