package dev.sallyport.plugins.oidclogin;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the provider gave, checked.
 *
 * @param idToken who it is, signed; shown to the provider at logout
 * @param claims the ID token's claims, of the JDK's own types, unmodifiable
 * @param issued when the ID token was made, by the provider's clock
 * @param accessToken for the upstream; null where it is not sent there
 * @param refreshToken for newer tokens; null where the provider gave none
 * @param refreshAt from when on newer ones are fetched; null where the provider does not say when the access token ends
 * @param expires when the access token ends; null where that is not said
 */
record Tokens(
        String idToken,
        Map<String, Object> claims,
        Instant issued,
        @Nullable String accessToken,
        @Nullable String refreshToken,
        @Nullable Instant refreshAt,
        @Nullable Instant expires) {

    /** Whose they are; null where the claim is no text. */
    @Nullable
    String subject() {
        return claims.get("sub") instanceof String text ? text : null;
    }

    /** The provider's session that they belong to; null where it is not said. */
    @Nullable
    String providerSession() {
        return claims.get("sid") instanceof String text ? text : null;
    }

    /** Neither of them may stand in a log. */
    @Override
    public String toString() {
        return "tokens of " + subject();
    }
}
