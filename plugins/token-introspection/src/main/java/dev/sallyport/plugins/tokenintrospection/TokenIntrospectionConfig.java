package dev.sallyport.plugins.tokenintrospection;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.oauth.Claims;
import dev.sallyport.oauth.ClientAuth;
import dev.sallyport.oauth.Scopes;
import dev.sallyport.oauth.Urls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record TokenIntrospectionConfig(
        @Doc("Who issues the tokens: the provider's endpoint is found from it, and an answer that names another iss"
                + " is refused.")
        @Nullable
        String issuer,

        @Doc("Where the provider is asked about tokens; by default found by OpenID Connect discovery.") @Nullable
        URI endpoint,

        @Doc("The name under which the provider knows this gateway.")
        String clientId,

        @Doc("The secret that goes with it.") Secret clientSecret,

        @Doc("How the two are sent: in the header Authorization, or in the body.") @Default("client_secret_basic")
        ClientAuth clientAuth,

        @Doc("The token must be meant for one of these (aud); any, where none is given.") @Shorthand
        List<String> audience,

        @Doc("The scopes that a token must have, all of them; others get 403.")
        List<String> scopes,

        @Doc("What else is asked of the claims, and which of them the upstream is told.") @Nullable
        Claims claims,

        @Doc("The claim that names the caller.") @Default("sub")
        String consumer,

        @Doc("Passes the token on to the upstream; otherwise it is taken out of the request.") @Default("true")
        boolean forward,

        @Doc("How long an answer that a token is active is used, and never beyond the token's own end; 0s asks each"
                + " time.")
        @Default("1m")
        @Min(0)
        @Max(86_400_000)
        Duration ttl,

        @Doc("How long an answer that a token is not active is used; 0s asks each time.")
        @Default("10s")
        @Min(0)
        @Max(86_400_000)
        Duration negativeTtl,

        @Doc("How much longer both are used while the provider gives no answer.")
        @Default("0s")
        @Min(0)
        @Max(86_400_000)
        Duration staleFor,

        @Doc("How many answers are kept; beyond that, those seldom used are asked for again.")
        @Default("10000")
        @Min(1)
        @Max(1_000_000)
        int maxEntries,

        @Doc("The longest that the provider is waited for.") @Default("5s") @Min(10) @Max(60_000)
        Duration timeout) {

    public TokenIntrospectionConfig {
        audience = List.copyOf(audience);
        scopes = Scopes.checked(scopes);
        if (endpoint == null && (issuer == null || !Urls.isIssuer(issuer))) {
            throw new ConfigException(
                    "issuer",
                    (issuer == null ? "" : issuer + " ")
                            + "(expected: an http or https URL without query, or where tokens are asked about under"
                            + " endpoint)");
        }
        if (endpoint != null && !Urls.isHttp(endpoint)) {
            throw new ConfigException("endpoint", endpoint + " (expected: an http or https URL)");
        }
        if (clientId.isBlank()) {
            throw new ConfigException("clientId", "'' (expected: the name that the provider has for this gateway)");
        }
    }

    /** What is asked of the claims. */
    Claims rules() {
        return claims == null ? Claims.NONE : claims;
    }
}
