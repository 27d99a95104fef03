package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Shorthand;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record JwtAuthConfig(
        @Doc("Who signs the tokens: their iss must be exactly this, and the provider's keys are found from it.")
        String issuer,

        @Doc("The token must be meant for one of these (aud); any, where none is given.") @Shorthand
        List<String> audience,

        @Doc("Where the provider's keys are; by default found by OpenID Connect discovery.") @Nullable
        Jwks jwks,

        @Doc("The algorithms by which a token may be signed.")
        @Default("[RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519]")
        @Min(1)
        List<SignatureAlgorithm> algorithms,

        @Doc("The scopes that a token must have, all of them; others get 403.")
        List<String> scopes,

        @Doc("What else is asked of the claims, and which of them the upstream is told.") @Nullable
        Claims claims,

        @Doc("How much the provider's clock may differ from this one.") @Default("30s") @Min(0) @Max(300_000)
        Duration skew,

        @Doc("The claim that names the caller.") @Default("sub")
        String consumer,

        @Doc("Passes the token on to the upstream; otherwise it is taken out of the request.") @Default("true")
        boolean forward,

        @Doc("How often the keys are fetched again.") @Default("10m") @Min(10_000) @Max(86_400_000)
        Duration refresh,

        @Doc("How old the keys may get while the provider cannot be reached.")
        @Default("1d")
        @Min(10_000)
        @Max(2_592_000_000L)
        Duration staleFor) {

    /** RFC 6749 §3.3: a scope is one or more visible characters without quotes and backslash. */
    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");

    public JwtAuthConfig {
        audience = List.copyOf(audience);
        algorithms = List.copyOf(algorithms);
        scopes = List.copyOf(scopes);
        if (issuer.isBlank()) {
            throw new ConfigException("issuer", "'' (expected: the iss of the tokens)");
        }
        if (jwks == null && !isDiscoverable(issuer)) {
            throw new ConfigException(
                    "issuer", issuer + " (expected: an http or https URL without query, or the keys under jwks)");
        }
        for (String scope : scopes) {
            if (!SCOPE.matcher(scope).matches()) {
                throw new ConfigException("scopes", "'" + scope + "' (expected: one scope, without spaces and quotes)");
            }
        }
        if (staleFor.compareTo(refresh) < 0) {
            throw new ConfigException("staleFor", staleFor + " (expected: not less than refresh)");
        }
    }

    /** What is asked of the claims. */
    Claims rules() {
        return claims == null ? Claims.NONE : claims;
    }

    /** OpenID Connect Discovery 1.0 §4: the well-known path after the issuer, less a slash at its end. */
    URI discovery() {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }

    private static boolean isDiscoverable(String issuer) {
        try {
            URI uri = URI.create(issuer);
            return Jwks.isHttp(uri) && uri.getRawQuery() == null && uri.getRawFragment() == null;
        } catch (IllegalArgumentException notAUri) {
            return false;
        }
    }
}
