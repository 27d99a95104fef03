package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.oauth.Urls;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody whose tokens are accepted. */
public record Issuer(
        @Doc("Who signs the tokens, as issuer of the step.") @Shorthand
        String issuer,

        @Doc("The token must be meant for one of these; by default what the step's audience says.")
        List<String> audience,

        @Doc("Where the keys of this issuer are; by default found by OpenID Connect discovery.") @Nullable
        Jwks jwks,

        @Doc("What stands before the caller's name, which is unique only within an issuer; by default the issuer"
                + " and #.")
        @Nullable
        String prefix) {

    public Issuer {
        audience = List.copyOf(audience);
        if (issuer.isBlank()) {
            throw new ConfigException("issuer", "'' (expected: the iss of the tokens)");
        }
        if (jwks == null && !Urls.isIssuer(issuer)) {
            throw new ConfigException(
                    "issuer", issuer + " (expected: an http or https URL without query, or the keys under jwks)");
        }
    }

    /** The same, its tokens meant for those where it does not say for whom. */
    Issuer orFor(List<String> others) {
        return audience.isEmpty() ? new Issuer(issuer, others, jwks, prefix) : this;
    }

    /** The name of a caller who is called that by this issuer. */
    String caller(String name) {
        return (prefix == null ? issuer + "#" : prefix) + name;
    }

    /** Where its metadata are. */
    URI discovery() {
        return Urls.metadata(issuer);
    }
}
