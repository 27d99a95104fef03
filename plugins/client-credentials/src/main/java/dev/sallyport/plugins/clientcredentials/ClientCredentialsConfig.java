package dev.sallyport.plugins.clientcredentials;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
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
public record ClientCredentialsConfig(
        @Doc("The identity provider, to find its endpoint by OpenID Connect discovery.") @Nullable
        String issuer,

        @Doc("Where the provider gives tokens; by default found from the issuer.") @Nullable
        URI endpoint,

        @Doc("The name under which the provider knows this gateway.")
        String clientId,

        @Doc("The secret that goes with it.") Secret clientSecret,

        @Doc("How the two are sent: in the header Authorization, or in the body.") @Default("client_secret_basic")
        ClientAuth clientAuth,

        @Doc("The scopes to ask for; the provider's own choice, where none is given.")
        List<String> scopes,

        @Doc("Whom the token is to be meant for, for providers that take that as a parameter.") @Nullable
        String audience,

        @Doc("Further parameters of the request for a token: {resource: https://orders.example.com}.")
        Map<String, String> parameters,

        @Doc("How long before its end a token is exchanged for a newer one, in the background.")
        @Default("30s")
        @Min(0)
        @Max(3_600_000)
        Duration refreshAhead,

        @Doc("How long a token is used whose end the provider does not tell.")
        @Default("5m")
        @Min(1_000)
        @Max(86_400_000)
        Duration lifetime,

        @Doc("The longest that the provider is waited for.") @Default("5s") @Min(10) @Max(60_000)
        Duration timeout) {

    private static final Set<String> OWN_PARAMETERS =
            Set.of("audience", "client_id", "client_secret", "grant_type", "scope");

    public ClientCredentialsConfig {
        scopes = Scopes.checked(scopes);
        parameters = Map.copyOf(parameters);
        if (endpoint == null && (issuer == null || !Urls.isIssuer(issuer))) {
            throw new ConfigException(
                    "issuer",
                    (issuer == null ? "" : issuer + " ")
                            + "(expected: an http or https URL without query, or where tokens are given under"
                            + " endpoint)");
        }
        if (endpoint != null && issuer != null) {
            throw new ConfigException("endpoint", endpoint + " (expected: either an issuer or an endpoint)");
        }
        if (endpoint != null && !Urls.isHttp(endpoint)) {
            throw new ConfigException("endpoint", endpoint + " (expected: an http or https URL)");
        }
        if (clientId.isBlank()) {
            throw new ConfigException("clientId", "'' (expected: the name that the provider has for this gateway)");
        }
        for (String name : parameters.keySet()) {
            if (OWN_PARAMETERS.contains(name)) {
                throw new ConfigException("parameters." + name, name + " (expected: one that has no key of its own)");
            }
        }
    }
}
