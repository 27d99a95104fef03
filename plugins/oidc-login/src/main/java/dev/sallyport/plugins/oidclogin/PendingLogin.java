package dev.sallyport.plugins.oidclogin;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.api.Json;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A login that has begun: the browser is at the provider. The cookie that holds it is the proof that the answer comes back
 * to the browser that asked.
 *
 * @param state ties the answer to this cookie
 * @param nonce ties the ID token to this login
 * @param verifier shows that who redeems the code is who asked for it (PKCE, RFC 7636)
 * @param redirectUri where the provider was asked to send the browser
 * @param returnTo where the browser wanted to go
 * @param again whether it was begun in the place of one that came to nothing: there is no third
 */
record PendingLogin(
        String state,
        String nonce,
        String verifier,
        String redirectUri,
        String returnTo,
        Instant begun,
        boolean again) {

    /** How long somebody may take at the provider. */
    static final Duration PATIENCE = Duration.ofMinutes(15);

    boolean isOver(Instant now) {
        return !now.isBefore(begun.plus(PATIENCE));
    }

    /** Where the browser wanted to go, on the origin that it began at; a text, since browsers send what no {@link URI} is. */
    String destination() {
        URI began = URI.create(redirectUri);
        return began.getScheme() + "://" + began.getRawAuthority() + returnTo;
    }

    String toJson() {
        return Json.write(Map.of(
                "state",
                state,
                "nonce",
                nonce,
                "verifier",
                verifier,
                "redirectUri",
                redirectUri,
                "returnTo",
                returnTo,
                "begun",
                begun.getEpochSecond(),
                "again",
                again));
    }

    /** The login of that JSON; null where it is none. */
    static @Nullable PendingLogin parse(String text) {
        try {
            Map<String, Object> json = JSONObjectUtils.parse(text);
            return new PendingLogin(
                    text(json, "state"),
                    text(json, "nonce"),
                    text(json, "verifier"),
                    text(json, "redirectUri"),
                    text(json, "returnTo"),
                    Instant.ofEpochSecond(JSONObjectUtils.getLong(json, "begun")),
                    Boolean.TRUE.equals(json.get("again")));
        } catch (ParseException e) {
            return null;
        }
    }

    private static String text(Map<String, Object> json, String name) throws ParseException {
        String value = JSONObjectUtils.getString(json, name);
        if (value == null) {
            throw new ParseException(name, 0);
        }
        return value;
    }
}
