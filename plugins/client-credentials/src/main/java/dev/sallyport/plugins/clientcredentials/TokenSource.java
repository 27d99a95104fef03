package dev.sallyport.plugins.clientcredentials;

import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.AccessTokenType;
import dev.sallyport.oauth.Endpoint;
import dev.sallyport.oauth.ProviderUnavailableException;
import dev.sallyport.oauth.Sender;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/** Asks the provider for a token by the client credentials grant (RFC 6749 §4.4). Thread-safe. */
final class TokenSource {

    /** RFC 6749 appendix A.12. */
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]+");

    private final ClientCredentialsConfig config;
    private final Endpoint endpoint;
    private final ClientAuthentication client;
    private final Sender sender;
    private final Clock clock;

    TokenSource(ClientCredentialsConfig config, Endpoint endpoint, Sender sender, Clock clock) {
        this.config = config;
        this.endpoint = endpoint;
        this.client = config.clientAuth().of(config.clientId(), config.clientSecret());
        this.sender = sender;
        this.clock = clock;
    }

    /** Asks, and waits. */
    Token fetch() throws ProviderUnavailableException {
        URI url = endpoint.find();
        TokenRequest.Builder request = new TokenRequest.Builder(url, client, new ClientCredentialsGrant());
        if (!config.scopes().isEmpty()) {
            request = request.scope(new Scope(config.scopes().toArray(String[]::new)));
        }
        if (config.audience() != null) {
            request = request.customParameter("audience", config.audience());
        }
        config.parameters().forEach(request::customParameter);
        Instant asked = clock.instant();
        try {
            return read(url, TokenResponse.parse(request.build().toHTTPRequest().send(sender)), asked);
        } catch (IOException e) {
            throw new ProviderUnavailableException(url + ": " + e, e);
        } catch (GeneralException e) {
            throw new ProviderUnavailableException(url + ": not an answer of RFC 6749: " + e.getMessage(), e);
        }
    }

    private Token read(URI url, TokenResponse response, Instant asked) throws ProviderUnavailableException {
        if (!response.indicatesSuccess()) {
            ErrorObject error = response.toErrorResponse().getErrorObject();
            String mend = error != null && "invalid_client".equals(error.getCode())
                    ? "; are clientId and clientSecret the provider's?"
                    : "";
            throw new ProviderUnavailableException(
                    url + ": " + (error == null ? "an error" : error.getHTTPStatusCode() + " " + error.getCode())
                            + mend,
                    null);
        }
        AccessToken token = response.toSuccessResponse().getTokens().getAccessToken();
        if (!AccessTokenType.BEARER.equals(token.getType())) {
            throw new ProviderUnavailableException(
                    url + ": a token of type " + token.getType() + " (expected: Bearer)", null);
        }
        if (!FORM.matcher(token.getValue()).matches()) {
            throw new ProviderUnavailableException(url + ": a token that no header can carry", null);
        }
        Duration life = token.getLifetime() > 0 ? Duration.ofSeconds(token.getLifetime()) : config.lifetime();
        // Of a short life half is used at least.
        Duration half = life.dividedBy(2);
        Duration ahead = config.refreshAhead().compareTo(half) < 0 ? config.refreshAhead() : half;
        return new Token(token.getValue(), asked, asked.plus(life).minus(ahead), asked.plus(life));
    }
}
