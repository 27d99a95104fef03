package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.StoreName;
import dev.sallyport.oauth.Claims;
import dev.sallyport.oauth.ClientAuth;
import dev.sallyport.oauth.Scopes;
import dev.sallyport.oauth.Urls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record OidcLoginConfig(
        @Doc("The provider: its iss must be exactly this, and its endpoints and keys are found from it.")
        String issuer,

        @Doc("The name under which the provider knows this application.")
        String clientId,

        @Doc("The secret that goes with it; none for a public client.") @Nullable
        Secret clientSecret,

        @Doc("How the two are sent: in the header Authorization, or in the body.") @Default("client_secret_basic")
        ClientAuth clientAuth,

        @Doc("The keys that encrypt cookies, each 32 bytes in base64 (openssl rand -base64 32): the first encrypts,"
                + " all decrypt.")
        @Shorthand
        @Min(1)
        List<Secret> keys,

        @Doc("What is asked of the provider; openid always is.") @Default("[openid, profile, email]")
        List<String> scopes,

        @Doc("Further parameters of the login: {prompt: login, acr_values: gold}.")
        Map<String, String> parameters,

        @Doc("Sends the request to the provider directly before the browser goes there (PAR, RFC 9126), where the"
                + " provider offers that.")
        @Default("true")
        boolean par,

        @Doc("The paths that this step answers itself.") @Nullable
        Paths paths,

        @Doc("Where the browser goes after a logout; a page that this step does not guard.") @Default("/")
        String afterLogout,

        @Doc("Scheme and host under which browsers see the gateway; by default what the request names.") @Nullable
        URI origin,

        @Doc("The cookie that holds the session.") @Nullable SessionCookie cookie,

        @Doc("Where sessions are kept: whole in the cookie, or in the store, and the cookie holds the key to them.")
        @Default("cookie")
        Keep sessions,

        @Doc("Where logouts are remembered, and such sessions kept: memory, or the name of a service that several"
                + " gateways share.")
        @Default("memory")
        @StoreName
        String store,

        @Doc("How long a session lives without a request.") @Default("1h") @Min(10_000) @Max(2_592_000_000L)
        Duration idle,

        @Doc("How long a session lives at most; then the provider is asked again.")
        @Default("12h")
        @Min(10_000)
        @Max(2_592_000_000L)
        Duration lifetime,

        @Doc("What else is asked of the claims of the ID token, and which of them the upstream is told.") @Nullable
        Claims claims,

        @Doc("The claim that names the caller.") @Default("sub")
        String consumer,

        @Doc("Sends the access token to the upstream, as Authorization: Bearer.") @Default("false")
        boolean forward,

        @Doc("How much the provider's clock may differ from this one.") @Default("30s") @Min(0) @Max(300_000)
        Duration skew,

        @Doc("The longest that the provider is waited for.") @Default("5s") @Min(10) @Max(60_000)
        Duration timeout) {

    /** What the step sets itself. */
    private static final Set<String> OWN_PARAMETERS = Set.of(
            "client_id",
            "client_secret",
            "code_challenge",
            "code_challenge_method",
            "nonce",
            "redirect_uri",
            "request",
            "request_uri",
            "response_mode",
            "response_type",
            "scope",
            "state");

    public OidcLoginConfig {
        keys = List.copyOf(keys);
        scopes = Scopes.checked(scopes);
        parameters = Map.copyOf(parameters);
        if (!Urls.isIssuer(issuer)) {
            throw new ConfigException("issuer", issuer + " (expected: an http or https URL without query)");
        }
        if (clientId.isBlank()) {
            throw new ConfigException("clientId", "'' (expected: the name that the provider has for this application)");
        }
        for (Secret key : keys) {
            if (!Seal.isKey(key)) {
                throw new ConfigException(
                        "keys", "one of them (expected: 32 bytes in base64, as openssl rand -base64 32 makes them)");
            }
        }
        for (String name : parameters.keySet()) {
            if (OWN_PARAMETERS.contains(name)) {
                throw new ConfigException("parameters." + name, name + " (expected: one that the step does not set)");
            }
        }
        if (!ReturnTo.isSafe(afterLogout)) {
            throw new ConfigException("afterLogout", "'" + afterLogout + "' (expected: a path such as /goodbye)");
        }
        if (origin != null && !isOrigin(origin)) {
            throw new ConfigException(
                    "origin", origin + " (expected: scheme and host, such as https://app.example.com)");
        }
        if (lifetime.compareTo(idle) < 0) {
            throw new ConfigException("lifetime", lifetime + " (expected: not less than idle)");
        }
    }

    /** Of the keys in the store: all steps of a client have them in common, since a session may be used on several routes. */
    String prefix() {
        return "oidc-login/" + issuer + " " + clientId + "/";
    }

    /** What is asked of the claims. */
    Claims rules() {
        return claims == null ? Claims.NONE : claims;
    }

    /** The paths, by default or not. */
    Paths ownPaths() {
        return paths == null ? Paths.DEFAULT : paths;
    }

    /** The cookie, by default or not. */
    SessionCookie sessionCookie() {
        return cookie == null ? SessionCookie.DEFAULT : cookie;
    }

    private static boolean isOrigin(URI uri) {
        return Urls.isHttp(uri)
                && uri.getRawPath().isEmpty()
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null;
    }
}
