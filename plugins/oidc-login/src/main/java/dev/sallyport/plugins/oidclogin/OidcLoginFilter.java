package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.oauth.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Lets those pass who are logged in, leads others to the login, and answers the paths that belong to it. */
final class OidcLoginFilter implements Filter {

    /** The claims of the ID token, for later steps. */
    @SuppressWarnings("rawtypes") // a class object knows no type arguments
    private static final Attribute<Map> CLAIMS = Attribute.of("jwt-claims", Map.class);

    private final OidcLoginConfig config;
    private final Paths paths;
    private final Login login;
    private final Logout logout;
    private final Sessions sessions;
    private final KeptSessions kept;
    private final LoginCookies loginCookies;
    private final Answers answers;

    OidcLoginFilter(
            OidcLoginConfig config,
            Login login,
            Logout logout,
            Sessions sessions,
            KeptSessions kept,
            LoginCookies loginCookies,
            Answers answers) {
        this.config = config;
        this.paths = config.ownPaths();
        this.login = login;
        this.logout = logout;
        this.sessions = sessions;
        this.kept = kept;
        this.loginCookies = loginCookies;
        this.answers = answers;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        String path = request.path();
        if (path.equals(paths.callback())) {
            return login.answer(request, sessions.here(Cookies.of(request)) instanceof Current.Somebody);
        }
        if (path.equals(paths.login())) {
            return login.begin(request, ReturnTo.safe(request.target().parameter("return")));
        }
        if (path.equals(paths.logout())) {
            return logout.byPerson(request);
        }
        if (path.equals(paths.backchannelLogout())) {
            return logout.byProvider(request);
        }
        Map<String, String> carried = Cookies.of(request);
        return switch (sessions.judge(carried)) {
            case Current.Nobody nobody -> lead(request, nobody, carried);
            case Current.Unknown unknown -> answers.unavailable(request);
            case Current.Away away -> answers.storeUnavailable(request);
            case Current.Somebody somebody -> pass(request, somebody, carried, next);
        };
    }

    /** By the session as it is here: nobody is asked, and nobody is led anywhere. */
    @Override
    public Explanation explain(Request request) throws Exception {
        if (List.of(paths.callback(), paths.login(), paths.logout(), paths.backchannelLogout())
                .contains(request.path())) {
            return new Explanation.Unknown("the step answers this path itself, together with the provider");
        }
        Map<String, String> carried = Cookies.of(request);
        return switch (sessions.here(carried)) {
            case Current.Nobody nobody ->
                Browsers.isNavigation(request)
                        ? new Explanation.Answers(303, nobody.why() + ", so to the login at the provider")
                        : Explanation.ofRun((asked, next) -> answers.needed(asked, nobody.why()), request);
            case Current.Unknown unknown -> new Explanation.Unknown("");
            case Current.Away away -> new Explanation.Unknown("the store of the sessions is away");
            case Current.Somebody somebody ->
                sessions.needsRefresh(somebody.session())
                        ? new Explanation.Unknown("the provider is asked for newer tokens first")
                        : Explanation.ofRun((asked, next) -> pass(asked, somebody, carried, next), request);
        };
    }

    private Response lead(Request request, Current.Nobody nobody, Map<String, String> carried) {
        Response response = Browsers.isNavigation(request)
                ? login.begin(request, request.target().toString())
                : answers.needed(request, nobody.why());
        return Cookies.with(response, kept.clear(carried));
    }

    private Response pass(Request request, Current.Somebody somebody, Map<String, String> carried, Next next)
            throws Exception {
        Session session = somebody.session();
        List<String> changed = somebody.changed() ? new ArrayList<>(kept.update(session, carried)) : List.of();
        Response response = authorise(request, session.tokens(), next);
        return Cookies.with(response, changed);
    }

    private Response authorise(Request request, Tokens tokens, Next next) throws Exception {
        Map<String, Object> claims = tokens.claims();
        return switch (Access.of(claims, config.consumer(), UnaryOperator.identity(), List.of(), config.rules())) {
            case Access.Unnamed unnamed -> answers.insufficient(request, config.consumer());
            case Access.Lacking lacking -> {
                request.exchange().note("consumer", lacking.caller());
                yield answers.insufficient(request, String.valueOf(lacking.claim()));
            }
            case Access.Granted granted -> {
                Exchange exchange = request.exchange();
                exchange.note("consumer", granted.caller());
                exchange.authenticated(new Consumer(granted.caller()));
                exchange.put(CLAIMS, claims);
                yield next.proceed(granted.tell(toUpstream(request, tokens)));
            }
        };
    }

    private Request toUpstream(Request request, Tokens tokens) {
        Request passed = Cookies.without(request, cookie -> kept.owns(cookie) || loginCookies.owns(cookie));
        return config.forward() && tokens.accessToken() != null
                ? passed.withHeader("authorization", "Bearer " + tokens.accessToken())
                : passed;
    }
}
