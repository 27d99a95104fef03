package dev.sallyport.plugins.console;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Secret;
import dev.sallyport.oauth.ClientAuth;
import dev.sallyport.oauth.Scopes;
import dev.sallyport.oauth.Urls;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The OpenID provider at which people log in.
 *
 * @param issuer what its iss must be
 * @param name how the page calls it
 * @param clientId the console's name there
 * @param clientSecret null for a public client
 * @param clientAuth how the two are sent
 * @param scopes what is asked for
 * @param origin where browsers see the admin address; null for what they name
 * @param user the claim that names the person
 * @param roles what becomes of a claim
 */
public record OidcConfig(
        @Doc("The provider: its iss must be exactly this, and its endpoints and keys are found from it.")
        String issuer,

        @Doc("How the page calls it.") @Default("single sign-on")
        String name,

        @Doc("The name under which the provider knows the console. Its redirect URI there is"
                + " https://<admin address>/<name of this service>/session/oidc/callback.")
        String clientId,

        @Doc("The secret that goes with it; none for a public client.") @Nullable
        Secret clientSecret,

        @Doc("How the two are sent: in the header Authorization, or in the body.") @Default("client_secret_basic")
        ClientAuth clientAuth,

        @Doc("What is asked of the provider; openid always is.") @Default("[openid, profile, email]")
        List<String> scopes,

        @Doc("Scheme and host under which browsers see the admin address; by default what they name.") @Nullable
        URI origin,

        @Doc("The claim of the ID token that names the person in the audit log.") @Default("preferred_username")
        String user,

        @Doc("Who may do what.") RolesConfig roles) {

    /** @throws ConfigException where no provider can be meant */
    public OidcConfig {
        scopes = Scopes.checked(scopes);
        if (!Urls.isIssuer(issuer)) {
            throw new ConfigException("issuer", issuer + " (expected: an http or https URL without query)");
        }
        if (clientId.isBlank()) {
            throw new ConfigException("clientId", "'' (expected: the name that the provider has for the console)");
        }
        if (origin != null
                && (!Urls.isHttp(origin)
                        || !origin.getRawPath().isEmpty()
                        || origin.getRawQuery() != null
                        || origin.getRawUserInfo() != null)) {
            throw new ConfigException(
                    "origin", origin + " (expected: scheme and host, such as https://admin.example.com)");
        }
    }
}
