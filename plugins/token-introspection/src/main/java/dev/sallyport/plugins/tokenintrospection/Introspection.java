package dev.sallyport.plugins.tokenintrospection;

import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenIntrospectionSuccessResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import dev.sallyport.oauth.Endpoint;
import dev.sallyport.oauth.JsonValues;
import dev.sallyport.oauth.ProviderUnavailableException;
import dev.sallyport.oauth.Sender;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * Asks the provider about tokens (RFC 7662). Thread-safe.
 *
 * <p>Where the provider could not be reached, it is left alone for {@link #PAUSE}: requests meanwhile do not wait for what
 * has just been seen.
 */
final class Introspection {

    /** How long a provider that could not be reached is left alone. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final Endpoint endpoint;
    private final ClientAuthentication client;
    private final Sender sender;
    private final Clock clock;

    private final Logger log;
    private final String name;

    private volatile @Nullable Instant quietUntil;
    private volatile boolean failing;

    /** @param name whose questions they are, for the log */
    Introspection(Endpoint endpoint, ClientAuthentication client, Sender sender, Clock clock, Logger log, String name) {
        this.endpoint = endpoint;
        this.client = client;
        this.sender = sender;
        this.clock = clock;
        this.log = log;
        this.name = name;
    }

    /** Asks about one token, and waits. */
    Answer ask(String token) throws ProviderUnavailableException {
        Instant quiet = quietUntil;
        if (quiet != null && clock.instant().isBefore(quiet)) {
            throw new ProviderUnavailableException("not reached a moment ago", null);
        }
        try {
            Answer answer = asked(endpoint.find(), token);
            if (failing) {
                failing = false;
                log.log(Level.INFO, "{0}: the provider answers again", name);
            }
            return answer;
        } catch (ProviderUnavailableException e) {
            if (e.getCause() instanceof IOException) {
                quietUntil = clock.instant().plus(PAUSE);
            }
            if (!failing) {
                failing = true;
                log.log(Level.WARNING, "{0}: the provider cannot be asked: {1}", name, e.getMessage());
            }
            throw e;
        }
    }

    private Answer asked(URI url, String token) throws ProviderUnavailableException {
        try {
            return read(
                    url,
                    TokenIntrospectionResponse.parse(
                            new TokenIntrospectionRequest(url, client, new BearerAccessToken(token))
                                    .toHTTPRequest()
                                    .send(sender)));
        } catch (IOException e) {
            throw new ProviderUnavailableException(url + ": " + e, e);
        } catch (GeneralException e) {
            throw new ProviderUnavailableException(url + ": not an answer of RFC 7662: " + e.getMessage(), e);
        }
    }

    private static Answer read(URI url, TokenIntrospectionResponse response) throws ProviderUnavailableException {
        if (!response.indicatesSuccess()) {
            ErrorObject error = response.toErrorResponse().getErrorObject();
            int status = error == null ? 0 : error.getHTTPStatusCode();
            // §2.3: so it answers where it does not know this gateway; about a token it says that it is not active.
            String mend = status == 401 || status == 403 ? "; are clientId and clientSecret the provider's?" : "";
            throw new ProviderUnavailableException(url + ": status " + status + " (expected: 200)" + mend, null);
        }
        TokenIntrospectionSuccessResponse success = response.toSuccessResponse();
        if (!success.isActive()) {
            return new Answer.Inactive();
        }
        Date expires = success.getExpirationTime();
        return new Answer.Active(
                JsonValues.object(success.toJSONObject()), expires == null ? null : expires.toInstant());
    }
}
