package dev.sallyport.plugins.oidclogin;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.oauth.ProviderUnavailableException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The way of a browser to the provider and back (OpenID Connect Core 1.0 §3.1, with RFC 7636 and RFC 9207). Thread-safe. */
final class Login {

    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");

    /** RFC 6749 §4.1.2.1: what an error's name is made of; anything else is not repeated to the person. */
    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private final OidcLoginConfig config;
    private final Client client;
    private final LoginCookies logins;
    private final KeptSessions sessions;
    private final Revocations revocations;
    private final Answers answers;
    private final Clock clock;
    private final Logger log;
    private final LongCounter counter;

    Login(
            OidcLoginConfig config,
            Client client,
            LoginCookies logins,
            KeptSessions sessions,
            Revocations revocations,
            Answers answers,
            Clock clock,
            Logger log,
            LongCounter counter) {
        this.config = config;
        this.client = client;
        this.logins = logins;
        this.sessions = sessions;
        this.revocations = revocations;
        this.answers = answers;
        this.clock = clock;
        this.log = log;
        this.counter = counter;
    }

    /** Sends a browser to the provider. */
    Response begin(Request request, String returnTo) {
        return begin(request, returnTo, false);
    }

    private Response begin(Request request, String returnTo, boolean again) {
        String origin = Browsers.origin(request, config.origin());
        if (origin == null) {
            return answers.invalid(request, "The request names no host.");
        }
        PendingLogin login = new PendingLogin(
                new State().getValue(),
                new Nonce().getValue(),
                new CodeVerifier().getValue(),
                origin + config.ownPaths().callback(),
                ReturnTo.safe(returnTo),
                clock.instant(),
                again);
        try {
            URI authorization = client.authorization(login);
            request.exchange().note("login", again ? "begun again" : "begun");
            return Cookies.with(Answers.redirect(authorization.toString()), logins.write(login, Cookies.of(request)));
        } catch (ProviderUnavailableException alreadyLogged) {
            return answers.unavailable(request);
        }
    }

    /**
     * Takes up what a browser brings back from the provider.
     *
     * @param loggedIn whether the browser has a session already: of another tab, or of the same answer that it had before,
     *     as after its button "back". Then there is nothing to tell it but the way on.
     */
    Response answer(Request request, boolean loggedIn) {
        String state = only(request, "state");
        Map<String, String> carried = Cookies.of(request);
        PendingLogin login = state == null ? null : logins.read(carried, state);
        if (login == null) {
            return loggedIn
                    ? Answers.redirect("/")
                    : invalid(request, "It was not begun in this browser, or too long ago.");
        }
        Response response = answer(request, login, carried, loggedIn);
        return Cookies.with(response, List.of(logins.clear(login.state())));
    }

    private Response answer(Request request, PendingLogin login, Map<String, String> carried, boolean loggedIn) {
        try {
            if (!revocations.answer(login)) {
                return loggedIn ? Answers.redirect(login.destination()) : invalid(request, "It was completed before.");
            }
            if (!client.isFrom(only(request, "iss"))
                    || request.target().parameters("iss").size() > 1) {
                return invalid(request, "The answer is of another identity provider.");
            }
            String error = request.target().parameter("error");
            if (error != null) {
                return failed(request, error, login, loggedIn);
            }
            String code = only(request, "code");
            if (code == null || code.isEmpty()) {
                return invalid(request, "The answer has no code.");
            }
            return enter(request, client.redeem(code, login), login, carried);
        } catch (RefusedException e) {
            counter.add(1, Attributes.of(OUTCOME, "invalid"));
            log.log(Level.INFO, "a login was not completed: {0}", e.getMessage());
            return answers.invalid(request, "The identity provider's answer is not valid.");
        } catch (ProviderUnavailableException alreadyLogged) {
            counter.add(1, Attributes.of(OUTCOME, "unavailable"));
            return answers.unavailable(request);
        }
    }

    private Response invalid(Request request, String why) {
        counter.add(1, Attributes.of(OUTCOME, "invalid"));
        return answers.invalid(request, why);
    }

    /**
     * RFC 6749 §4.1.2.1. {@code temporarily_unavailable} is also what Keycloak says where another tab has completed its
     * login meanwhile, or the person took too long: to begin again, once, goes on without a word then.
     */
    private Response failed(Request request, String error, PendingLogin login, boolean loggedIn) {
        boolean passes = error.equals("temporarily_unavailable");
        if (passes && loggedIn) {
            return Answers.redirect(login.destination());
        }
        if (passes && !login.again()) {
            return begin(request, login.returnTo(), true);
        }
        if (passes || error.equals("server_error")) {
            counter.add(1, Attributes.of(OUTCOME, "unavailable"));
            return answers.unavailable(request);
        }
        counter.add(1, Attributes.of(OUTCOME, "refused"));
        return answers.refused(request, ERROR.matcher(error).matches() ? error : "an error");
    }

    private Response enter(Request request, Tokens tokens, PendingLogin login, Map<String, String> carried) {
        Instant now = clock.instant();
        // Its id is new, so that nobody who knew the browser's session before knows this one.
        Session session = new Session(new State().getValue(), now, now, tokens);
        List<String> given;
        try {
            given = sessions.begin(session, carried);
        } catch (StoreUnavailableException e) {
            counter.add(1, Attributes.of(OUTCOME, "unavailable"));
            return answers.storeUnavailable(request);
        }
        counter.add(1, Attributes.of(OUTCOME, "completed"));
        request.exchange().note("login", "completed");
        return Cookies.with(Answers.redirect(login.destination()), given);
    }

    /** The value of a parameter that is there once (RFC 6749 §3.1); else null. */
    private static @Nullable String only(Request request, String name) {
        List<String> values = request.target().parameters(name);
        return values.size() == 1 ? values.getFirst() : null;
    }
}
