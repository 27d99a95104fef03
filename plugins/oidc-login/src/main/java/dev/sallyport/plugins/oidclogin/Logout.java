package dev.sallyport.plugins.oidclogin;

import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.oauth.ProviderUnavailableException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The end of sessions before their time: by the person, and by the provider. Thread-safe. */
final class Logout {

    private static final AttributeKey<String> BY = AttributeKey.stringKey("by");

    /** A logout token has a few hundred bytes. */
    private static final int LONGEST = 64 * 1024;

    private final OidcLoginConfig config;
    private final Client client;
    private final KeptSessions sessions;
    private final Revocations revocations;
    private final Answers answers;
    private final Logger log;
    private final LongCounter counter;

    Logout(
            OidcLoginConfig config,
            Client client,
            KeptSessions sessions,
            Revocations revocations,
            Answers answers,
            Logger log,
            LongCounter counter) {
        this.config = config;
        this.client = client;
        this.sessions = sessions;
        this.revocations = revocations;
        this.answers = answers;
        this.log = log;
        this.counter = counter;
    }

    /** The person's: here, and where the provider has a place for it, there too (OpenID Connect RP-Initiated Logout 1.0). */
    Response byPerson(Request request) {
        if (Browsers.isFromAnotherSite(request)) {
            return answers.logoutFromElsewhere(request);
        }
        Map<String, String> carried = Cookies.of(request);
        Session session;
        try {
            session = sessions.read(carried);
        } catch (StoreUnavailableException e) {
            return answers.storeUnavailable(request);
        }
        if (session != null) {
            revocations.end(session);
            counter.add(1, Attributes.of(BY, "person"));
            request.exchange().note("logout", "person");
        }
        return Cookies.with(
                Answers.redirect(after(request, session).toString()), new ArrayList<>(sessions.clear(carried)));
    }

    private URI after(Request request, @Nullable Session session) {
        String origin = Browsers.origin(request, config.origin());
        URI home = URI.create((origin == null ? "" : origin) + config.afterLogout());
        if (origin == null) {
            return home;
        }
        try {
            URI there = client.logout(session == null ? null : session.tokens(), home);
            return there == null ? home : there;
        } catch (ProviderUnavailableException alreadyLogged) {
            return home;
        }
    }

    /** The provider's (OpenID Connect Back-Channel Logout 1.0 §2.5), which comes without a browser. */
    Response byProvider(Request request) throws IOException {
        String token;
        try {
            token = form(request.body().text(LONGEST));
        } catch (BodyTooLargeException tooLarge) {
            return answers.logoutTokenInvalid(request, "the body is too long");
        }
        try {
            LogoutTokenClaimsSet claims = client.validLogoutToken(token);
            // Sessions that began later are others: a token that is sent again does not end them.
            Instant before = claims.getIssueTime().toInstant();
            if (claims.getSessionID() != null) {
                revocations.endProviderSession(claims.getSessionID().getValue(), before);
            } else if (claims.getSubject() != null) {
                revocations.endAllOf(claims.getSubject().getValue(), before);
            }
            counter.add(1, Attributes.of(BY, "provider"));
            request.exchange().note("logout", "provider");
            return Response.of(200).withHeader("cache-control", "no-store");
        } catch (RefusedException e) {
            log.log(Level.DEBUG, "a logout by the provider was refused: {0}", e.getMessage());
            return answers.logoutTokenInvalid(request, String.valueOf(e.getMessage()));
        } catch (ProviderUnavailableException alreadyLogged) {
            return answers.unavailable(request);
        } catch (StoreUnavailableException e) {
            return answers.storeUnavailable(request);
        }
    }

    /** The token in a form; {@code ""} where it is not there once. */
    private static String form(String body) {
        try {
            List<String> tokens = new RequestTarget("/", body.strip()).parameters("logout_token");
            return tokens.size() == 1 ? tokens.getFirst() : "";
        } catch (IllegalArgumentException notAForm) {
            return "";
        }
    }
}
