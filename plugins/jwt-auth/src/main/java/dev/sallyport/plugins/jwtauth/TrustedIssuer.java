package dev.sallyport.plugins.jwtauth;

import dev.sallyport.oauth.JsonValues;
import java.util.Map;

/** An issuer and the keys that it publishes. Thread-safe. */
record TrustedIssuer(Issuer settings, Keys keys) {

    /** Whether a token with those claims is meant for this side (RFC 7519 §4.1.3). */
    boolean isForUs(Map<String, ?> claims) {
        return settings.audience().isEmpty()
                || JsonValues.texts(claims.get("aud")).stream().anyMatch(settings.audience()::contains);
    }
}
