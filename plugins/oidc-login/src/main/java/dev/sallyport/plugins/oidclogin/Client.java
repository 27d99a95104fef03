package dev.sallyport.plugins.oidclogin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.PushedAuthorizationRequest;
import com.nimbusds.oauth2.sdk.PushedAuthorizationResponse;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.AuthorizedParty;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.AccessTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.InvalidHashException;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import dev.sallyport.oauth.JsonValues;
import dev.sallyport.oauth.OpenIdProvider;
import dev.sallyport.oauth.ProviderUnavailableException;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway says to the provider as a client of it, and the check of what comes back. Thread-safe. */
final class Client {

    /** Tokens are fetched anew that long before they end, or in the last quarter of a short life. */
    private static final Duration AHEAD = Duration.ofSeconds(30);

    private final OidcLoginConfig config;
    private final OpenIdProvider provider;
    private final Clock clock;
    private final ClientID id;
    private final Issuer issuer;
    private final @Nullable ClientAuthentication authentication;
    private final Scope scope;

    Client(OidcLoginConfig config, OpenIdProvider provider, Clock clock) {
        this.config = config;
        this.provider = provider;
        this.clock = clock;
        this.id = new ClientID(config.clientId());
        this.issuer = new Issuer(config.issuer());
        this.authentication =
                config.clientSecret() == null ? null : config.clientAuth().of(config.clientId(), config.clientSecret());
        this.scope = new Scope(config.scopes().toArray(String[]::new));
        this.scope.add("openid");
    }

    /** Where to send a browser that begins this login. */
    URI authorization(PendingLogin login) throws ProviderUnavailableException {
        OpenIdProvider.Known known = provider.known();
        AuthenticationRequest.Builder builder = new AuthenticationRequest.Builder(
                        ResponseType.CODE, scope, id, URI.create(login.redirectUri()))
                .endpointURI(known.authorization())
                .state(new State(login.state()))
                .nonce(new Nonce(login.nonce()))
                .codeChallenge(new CodeVerifier(login.verifier()), CodeChallengeMethod.S256);
        config.parameters().forEach(builder::customParameter);
        AuthenticationRequest request = builder.build();
        URI push = config.par() ? known.metadata().getPushedAuthorizationRequestEndpointURI() : null;
        if (push == null) {
            return request.toURI();
        }
        PushedAuthorizationRequest pushed = authentication == null
                ? new PushedAuthorizationRequest(push, request)
                : new PushedAuthorizationRequest(push, authentication, request);
        HTTPResponse response = provider.send(pushed.toHTTPRequest());
        try {
            PushedAuthorizationResponse told = PushedAuthorizationResponse.parse(response);
            if (!told.indicatesSuccess()) {
                throw provider.failed(
                        push + ": " + described(told.toErrorResponse().getErrorObject()), null);
            }
            return new AuthorizationRequest.Builder(told.toSuccessResponse().getRequestURI(), id)
                    .endpointURI(known.authorization())
                    .build()
                    .toURI();
        } catch (GeneralException e) {
            throw provider.failed(push + ": not an answer of RFC 9126: " + e.getMessage(), e);
        }
    }

    /** Whether an answer to the browser may come from there (RFC 9207): another provider's must not be taken for ours. */
    boolean isFrom(@Nullable String iss) throws ProviderUnavailableException {
        return iss == null
                ? !provider.known().metadata().supportsAuthorizationResponseIssuerParam()
                : config.issuer().equals(iss);
    }

    /** Redeems the code that a browser has brought back. */
    Tokens redeem(String code, PendingLogin login) throws ProviderUnavailableException, RefusedException {
        return tokens(
                new AuthorizationCodeGrant(
                        new AuthorizationCode(code),
                        URI.create(login.redirectUri()),
                        new CodeVerifier(login.verifier())),
                new Nonce(login.nonce()),
                null);
    }

    /**
     * Fetches newer tokens.
     *
     * @throws RefusedException where the provider has ended the session
     */
    Tokens refresh(Tokens older) throws ProviderUnavailableException, RefusedException {
        return tokens(new RefreshTokenGrant(new RefreshToken(older.refreshToken())), null, older);
    }

    private Tokens tokens(AuthorizationGrant grant, @Nullable Nonce nonce, @Nullable Tokens older)
            throws ProviderUnavailableException, RefusedException {
        URI endpoint = provider.known().token();
        TokenRequest request = authentication == null
                ? new TokenRequest.Builder(endpoint, id, grant).build()
                : new TokenRequest.Builder(endpoint, authentication, grant).build();
        Instant asked = clock.instant();
        HTTPResponse response = provider.send(request.toHTTPRequest());
        TokenResponse parsed;
        try {
            parsed = OIDCTokenResponseParser.parse(response);
        } catch (GeneralException e) {
            throw provider.failed(endpoint + ": not an answer of RFC 6749: " + e.getMessage(), e);
        }
        if (!parsed.indicatesSuccess()) {
            ErrorObject error = parsed.toErrorResponse().getErrorObject();
            if (error != null && "invalid_grant".equals(error.getCode())) {
                throw new RefusedException(described(error), null);
            }
            // Anything else says nothing of this login: the provider is ill, or does not know us.
            throw provider.failed(endpoint + ": " + described(error), null);
        }
        return checked((OIDCTokenResponse) parsed.toSuccessResponse(), nonce, older, asked);
    }

    private Tokens checked(OIDCTokenResponse response, @Nullable Nonce nonce, @Nullable Tokens older, Instant asked)
            throws ProviderUnavailableException, RefusedException {
        AccessToken access = response.getOIDCTokens().getAccessToken();
        JWT idToken = response.getOIDCTokens().getIDToken();
        String raw;
        Map<String, Object> claims;
        Instant issued;
        if (idToken != null) {
            IDTokenClaimsSet valid = validIdToken(idToken, nonce, access);
            raw = response.getOIDCTokens().getIDTokenString();
            claims = JsonValues.object(valid.toJSONObject());
            issued = valid.getIssueTime().toInstant();
            if (older != null && !valid.getSubject().getValue().equals(older.subject())) {
                // OpenID Connect Core 1.0 §12.2: it must be the same person's.
                throw new RefusedException("the newer ID token is another person's", null);
            }
        } else if (older != null) {
            raw = older.idToken();
            claims = older.claims();
            issued = older.issued();
        } else {
            throw new RefusedException("no ID token", null);
        }
        RefreshToken refresh = response.getOIDCTokens().getRefreshToken();
        long life = access.getLifetime();
        return new Tokens(
                raw,
                claims,
                issued,
                config.forward() ? access.getValue() : null,
                refresh != null ? refresh.getValue() : older == null ? null : older.refreshToken(),
                life > 0 ? asked.plusSeconds(life - Math.min(AHEAD.toSeconds(), (life + 3) / 4)) : null,
                life > 0 ? asked.plusSeconds(life) : null);
    }

    private IDTokenClaimsSet validIdToken(JWT idToken, @Nullable Nonce nonce, AccessToken access)
            throws ProviderUnavailableException, RefusedException {
        try {
            IDTokenValidator validator = new IDTokenValidator(issuer, id, signers(), null);
            validator.setMaxClockSkew((int) config.skew().toSeconds());
            IDTokenClaimsSet claims = validator.validate(idToken, nonce);
            AuthorizedParty party = claims.getAuthorizedParty();
            if (party == null
                    ? claims.getAudience().size() > 1
                    : !config.clientId().equals(party.getValue())) {
                throw new RefusedException("the ID token was made for another client (azp)", null);
            }
            if (claims.getAccessTokenHash() != null) {
                AccessTokenValidator.validate(
                        access, (JWSAlgorithm) idToken.getHeader().getAlgorithm(), claims.getAccessTokenHash());
            }
            return claims;
        } catch (KeySourceException e) {
            throw provider.failed("its keys: " + e.getMessage(), e);
        } catch (BadJOSEException | JOSEException | InvalidHashException e) {
            throw new RefusedException("the ID token is not valid: " + e.getMessage(), e);
        }
    }

    /** The claims of a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6). */
    LogoutTokenClaimsSet validLogoutToken(String token) throws ProviderUnavailableException, RefusedException {
        try {
            LogoutTokenValidator validator = new LogoutTokenValidator(issuer, id, false, signers(), null);
            return validator.validate(JWTParser.parse(token));
        } catch (KeySourceException e) {
            throw provider.failed("its keys: " + e.getMessage(), e);
        } catch (BadJOSEException | JOSEException | ParseException e) {
            throw new RefusedException("the logout token is not valid: " + e.getMessage(), e);
        }
    }

    private JWSVerificationKeySelector<SecurityContext> signers() throws ProviderUnavailableException {
        return new JWSVerificationKeySelector<>(
                OpenIdProvider.ALGORITHMS, provider.known().keys());
    }

    /** Where to send a browser that logs out at the provider too; null where the provider has no such place. */
    @Nullable
    URI logout(@Nullable Tokens tokens, URI after) throws ProviderUnavailableException {
        URI endpoint = provider.known().metadata().getEndSessionEndpointURI();
        if (endpoint == null) {
            return null;
        }
        JWT hint = null;
        if (tokens != null) {
            try {
                hint = JWTParser.parse(tokens.idToken());
            } catch (ParseException notAToken) {
                // Then the provider asks the person.
            }
        }
        return new LogoutRequest(endpoint, hint, null, id, after, null, null).toURI();
    }

    private static String described(@Nullable ErrorObject error) {
        if (error == null) {
            return "an error without a name";
        }
        return "status " + error.getHTTPStatusCode() + ", " + error.getCode()
                + (error.getDescription() == null ? "" : ": " + error.getDescription());
    }
}
