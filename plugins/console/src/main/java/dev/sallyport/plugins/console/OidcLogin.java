package dev.sallyport.plugins.console;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.sallyport.api.AdminPages.Answer;
import dev.sallyport.api.AdminPages.Call;
import dev.sallyport.api.AdminPages.Role;
import dev.sallyport.oauth.JsonValues;
import dev.sallyport.oauth.OpenIdProvider;
import dev.sallyport.oauth.ProviderUnavailableException;
import dev.sallyport.plugins.console.Sessions.Begun;
import dev.sallyport.plugins.console.Sessions.FullException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Login at an OpenID provider (OpenID Connect Core 1.0 §3.1: code, state, nonce, and PKCE after RFC 7636). What goes wrong
 * brings the browser back to the page with {@code ?login=} and a word for it. Thread-safe.
 */
final class OidcLogin {

    /** How long somebody may take at the provider. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final int MOST_PENDING = 1000;

    /** Of one address: one more takes the place of its oldest, and of nobody else's. */
    private static final int MOST_PENDING_EACH = 100;

    private static final int LONGEST_NAME = 90; // with what comes before it, no longer than the gateway keeps

    private final OidcConfig config;
    private final OpenIdProvider provider;
    private final Clock clock;
    private final Logger log;
    private final ClientID id;
    private final @Nullable ClientAuthentication authentication;
    private final Cookies cookies;

    /** By the hash of the browser's cookie, the oldest first; bounded, since anybody may begin a login. */
    private final Map<String, Pending> pending = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pending> eldest) {
            return size() > MOST_PENDING;
        }
    };

    private record Pending(State state, Nonce nonce, CodeVerifier verifier, URI redirect, String peer, Instant begun) {}

    OidcLogin(OidcConfig config, OpenIdProvider provider, Clock clock, Logger log) {
        this.config = config;
        this.provider = provider;
        this.clock = clock;
        this.log = log;
        this.cookies = new Cookies(config);
        this.id = new ClientID(config.clientId());
        this.authentication =
                config.clientSecret() == null ? null : config.clientAuth().of(config.clientId(), config.clientSecret());
    }

    /** How the page calls the provider. */
    String name() {
        return config.name();
    }

    /** Sends a browser to the provider. */
    Answer begin(Call call) {
        Pending login = new Pending(
                new State(), new Nonce(), new CodeVerifier(), redirectUri(call), call.peer(), clock.instant());
        URI to;
        try {
            to = new AuthenticationRequest.Builder(ResponseType.CODE, scope(), id, login.redirect())
                    .endpointURI(provider.known().authorization())
                    .state(login.state())
                    .nonce(login.nonce())
                    .codeChallenge(login.verifier(), CodeChallengeMethod.S256)
                    .build()
                    .toURI();
        } catch (ProviderUnavailableException alreadyLogged) {
            return back(call, "unavailable");
        }
        String cookie = Sessions.random();
        synchronized (pending) {
            makeRoom(call.peer());
            pending.put(Sessions.hash(cookie), login);
        }
        return Answers.with(redirect(to.toString()), "set-cookie", cookies.ofLogin(call, cookie, PATIENCE.toSeconds()));
    }

    private void makeRoom(String peer) {
        List<String> own = pending.entrySet().stream()
                .filter(each -> each.getValue().peer().equals(peer))
                .map(Map.Entry::getKey)
                .toList();
        if (own.size() >= MOST_PENDING_EACH) {
            pending.remove(own.getFirst());
        }
    }

    private Scope scope() {
        Scope scope = new Scope(config.scopes().toArray(String[]::new));
        scope.add("openid");
        return scope;
    }

    private URI redirectUri(Call call) {
        String origin = config.origin() != null
                ? config.origin().toString()
                : (call.secure() ? "https://" : "http://") + call.header("host");
        return URI.create(origin + call.base() + "/session/oidc/callback");
    }

    /** Takes up what a browser brings back from the provider. */
    Answer answer(Call call, Sessions sessions, Throttle throttle) {
        String cookie = cookies.login(call);
        Pending login;
        synchronized (pending) {
            login = cookie == null ? null : pending.remove(Sessions.hash(cookie));
        }
        String state = call.parameters().get("state");
        if (login == null
                || !login.state().getValue().equals(state)
                || clock.instant().isAfter(login.begun().plus(PATIENCE))) {
            return back(call, "expired");
        }
        try {
            String iss = call.parameters().get("iss");
            boolean mustName = provider.known().metadata().supportsAuthorizationResponseIssuerParam();
            if (iss == null ? mustName : !iss.equals(config.issuer())) { // RFC 9207
                return refused(call, throttle, "invalid", "the answer is of another provider");
            }
            String code = call.parameters().get("code");
            if (code == null || code.isEmpty()) {
                return refused(call, throttle, "refused", "the provider has refused it");
            }
            return enter(call, redeem(code, login), sessions, throttle);
        } catch (ProviderUnavailableException alreadyLogged) {
            return back(call, "unavailable");
        } catch (InvalidException e) {
            if (throttle.secondsToWait(call.peer()) == 0) {
                log.log(Level.WARNING, "a login at the provider was not completed: {0}", e.getMessage());
            }
            return refused(call, throttle, "invalid", "the answer of the provider is not valid");
        }
    }

    private Answer enter(Call call, Map<String, Object> claims, Sessions sessions, Throttle throttle) {
        String who = who(claims);
        Role role = config.roles()
                .role(JsonValues.texts(JsonValues.find(claims, config.roles().claim())));
        if (role == null) {
            return refused(call, throttle, who, "no-role", config.roles().claim() + " has no value that gives a role");
        }
        try {
            Begun begun = sessions.beginAtProvider(String.valueOf(claims.get("sub")), who, role, call.admin());
            String before = cookies.session(call);
            if (before != null) { // its cookie is overwritten
                var _ = sessions.end(before, call.admin());
            }
            // The page asks for a token of its own: this one no page has.
            call.admin().revoke(begun.granted().token());
            call.admin().audit(who, "login", null);
            return Answers.with(redirect(call.base() + "/"), "set-cookie", cookies.ofSession(call, begun.cookie()));
        } catch (FullException full) {
            return back(call, "full");
        }
    }

    private String who(Map<String, Object> claims) {
        Object user = claims.get(config.user());
        String who = user instanceof String text && !text.isBlank() ? text : String.valueOf(claims.get("sub"));
        // People may choose that name, and then not one that a token has.
        return "oidc:" + (who.length() <= LONGEST_NAME ? who : who.substring(0, LONGEST_NAME));
    }

    /** The provider's answer is none that may be trusted. */
    private static final class InvalidException extends Exception {

        private static final long serialVersionUID = 1;

        InvalidException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private Map<String, Object> redeem(String code, Pending login)
            throws ProviderUnavailableException, InvalidException {
        OpenIdProvider.Known known = provider.known();
        AuthorizationCodeGrant grant =
                new AuthorizationCodeGrant(new AuthorizationCode(code), login.redirect(), login.verifier());
        TokenRequest request = authentication == null
                ? new TokenRequest.Builder(known.token(), id, grant).build()
                : new TokenRequest.Builder(known.token(), authentication, grant).build();
        TokenResponse response;
        try {
            response = OIDCTokenResponseParser.parse(provider.send(request.toHTTPRequest()));
        } catch (GeneralException e) {
            throw provider.failed(known.token() + ": not an answer of RFC 6749: " + e.getMessage(), e);
        }
        if (!response.indicatesSuccess()) {
            throw new InvalidException(
                    "the code was not redeemed: "
                            + response.toErrorResponse().getErrorObject().getCode(),
                    null);
        }
        JWT token = ((OIDCTokenResponse) response.toSuccessResponse())
                .getOIDCTokens()
                .getIDToken();
        if (token == null) {
            throw new InvalidException("there is no ID token", null);
        }
        try {
            IDTokenValidator validator = new IDTokenValidator(
                    new Issuer(config.issuer()),
                    id,
                    new JWSVerificationKeySelector<>(OpenIdProvider.ALGORITHMS, known.keys()),
                    null);
            return JsonValues.object(validator.validate(token, login.nonce()).toJSONObject());
        } catch (BadJOSEException | JOSEException e) {
            throw new InvalidException("the ID token is not valid: " + e.getMessage(), e);
        }
    }

    private Answer refused(Call call, Throttle throttle, String code, String why) {
        return refused(call, throttle, "nobody", code, why + ", from " + call.peer());
    }

    /** It is in the audit log as often as the address may fail: what is begun in a loop fills that with nothing new. */
    private Answer refused(Call call, Throttle throttle, String who, String code, String why) {
        if (throttle.secondsToWait(call.peer()) == 0) {
            throttle.failed(call.peer());
            call.admin().audit(who, "login", why);
        }
        return back(call, code);
    }

    /** To the page, which says what has happened. */
    private Answer back(Call call, String code) {
        return Answers.with(redirect(call.base() + "/?login=" + code), "set-cookie", cookies.ofLogin(call, "", 0));
    }

    private static Answer redirect(String to) {
        Answer empty = new Answer(303, Answers.headers("text/plain; charset=utf-8"), "");
        return Answers.with(empty, "location", to);
    }
}
