package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.oauth.Claims;
import dev.sallyport.oauth.Scopes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record JwtAuthConfig(
        @Doc("Who signs the tokens: their iss must be exactly this, and the provider's keys are found from it.")
        String issuer,

        @Doc("The token must be meant for one of these (aud); any, where none is given.") @Shorthand
        List<String> audience,

        @Doc("Where the provider's keys are; by default found by OpenID Connect discovery.") @Nullable
        Jwks jwks,

        @Doc("Further issuers whose tokens are accepted, each with keys of its own.")
        List<Issuer> also,

        @Doc("The algorithms by which a token may be signed.")
        @Default("[RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519]")
        @Min(1)
        List<SignatureAlgorithm> algorithms,

        @Doc("The types (typ) that a token may be of; one that does not say is a JWT.")
        @Default("[JWT, at+jwt]")
        @Min(1)
        List<String> types,

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
        Duration staleFor,

        @Doc("How many tokens that were found valid are remembered, so that each is checked once; 0 for none.")
        @Default("5000")
        @Min(0)
        @Max(1_000_000)
        int remember,

        @Doc("Asks callers to prove that the token is theirs (DPoP, RFC 9449).") @Nullable
        Dpop dpop) {

    public JwtAuthConfig {
        audience = List.copyOf(audience);
        algorithms = List.copyOf(algorithms);
        scopes = Scopes.checked(scopes);
        also = List.copyOf(also);
        types = types.stream().map(JwtAuthConfig::shortType).toList();
        Set<String> names = new HashSet<>();
        names.add(new Issuer(issuer, audience, jwks, "").issuer());
        for (int i = 0; i < also.size(); i++) {
            if (!names.add(also.get(i).issuer())) {
                throw new ConfigException("also[" + i + "]", also.get(i).issuer() + " (expected: each issuer once)");
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

    /** All whose tokens are accepted. Callers of the first are named as it names them. */
    List<Issuer> issuers() {
        List<Issuer> all = new ArrayList<>();
        all.add(new Issuer(issuer, audience, jwks, ""));
        also.forEach(other -> all.add(other.orFor(audience)));
        return all;
    }

    /** Whether a token may be of that type, null where it does not say. */
    boolean allowsType(@Nullable String type) {
        return types.contains(shortType(type == null ? "jwt" : type));
    }

    /** RFC 7515 §4.1.9: a media type, compared without case, whose {@code application/} may be left out. */
    private static String shortType(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("application/") ? lower.substring("application/".length()) : lower;
    }
}
