package dev.sallyport.plugins.oidclogin;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.api.Json;
import dev.sallyport.oauth.JsonValues;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has logged in. It is all that is known of them: the cookie holds it whole.
 *
 * @param id its own, random; another one after each login
 * @param started when they logged in
 * @param used when they were last seen, to some accuracy
 * @param tokens what the provider gave
 */
record Session(String id, Instant started, Instant used, Tokens tokens) {

    /** This session, seen now. */
    Session usedAt(Instant now) {
        return new Session(id, started, now, tokens);
    }

    /** This session with newer tokens. */
    Session with(Tokens newer) {
        return new Session(id, started, used, newer);
    }

    /** Whether one of its limits has passed. */
    boolean hasEnded(Instant now, Duration idle, Duration lifetime) {
        return !now.isBefore(started.plus(lifetime)) || !now.isBefore(used.plus(idle));
    }

    /** Its JSON, for the cookie. */
    String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("started", started.getEpochSecond());
        json.put("used", used.getEpochSecond());
        json.put("idToken", tokens.idToken());
        json.put("issued", tokens.issued().getEpochSecond());
        put(json, "accessToken", tokens.accessToken());
        put(json, "refreshToken", tokens.refreshToken());
        put(
                json,
                "refreshAt",
                tokens.refreshAt() == null ? null : tokens.refreshAt().getEpochSecond());
        put(json, "expires", tokens.expires() == null ? null : tokens.expires().getEpochSecond());
        return Json.write(json);
    }

    private static void put(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    /** The session of that JSON; null where it is none, as after a change of this form. */
    static @Nullable Session parse(String text) {
        try {
            Map<String, Object> json = JSONObjectUtils.parse(text);
            String id = JSONObjectUtils.getString(json, "id");
            String idToken = JSONObjectUtils.getString(json, "idToken");
            Instant started = time(json, "started");
            Instant used = time(json, "used");
            Instant issued = time(json, "issued");
            if (id == null || idToken == null || started == null || used == null || issued == null) {
                return null;
            }
            Map<String, Object> claims = JWSObject.parse(idToken).getPayload().toJSONObject();
            return claims == null
                    ? null
                    : new Session(
                            id,
                            started,
                            used,
                            new Tokens(
                                    idToken,
                                    JsonValues.object(claims),
                                    issued,
                                    JSONObjectUtils.getString(json, "accessToken"),
                                    JSONObjectUtils.getString(json, "refreshToken"),
                                    time(json, "refreshAt"),
                                    time(json, "expires")));
        } catch (ParseException e) {
            return null;
        }
    }

    private static @Nullable Instant time(Map<String, Object> json, String name) {
        return json.get(name) instanceof Number seconds ? Instant.ofEpochSecond(seconds.longValue()) : null;
    }
}
