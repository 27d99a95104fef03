package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.oauth.OpenIdProvider;

/** The answers that the step gives itself. None of them may be kept by a cache. */
final class Answers {

    private static final Problem NEEDED = new Problem(401, "login-needed", "A login is needed");
    private static final Problem INVALID = new Problem(400, "login-invalid", "The login cannot be completed");
    private static final Problem REFUSED =
            new Problem(403, "login-refused", "The identity provider has refused the login");
    private static final Problem INSUFFICIENT = new Problem(403, "login-insufficient", "The login does not allow this");
    private static final Problem LOGOUT_TOKEN =
            new Problem(400, "logout-token-invalid", "The logout token is not valid");
    private static final Problem ELSEWHERE = new Problem(
                    403, "logout-from-elsewhere", "Another site cannot log you out")
            .withDetail("Log out from the application itself.");
    private static final Problem UNAVAILABLE =
            new Problem(503, "identity-provider-unavailable", "The identity provider cannot be asked at present");

    private static final Problem STORE =
            new Problem(503, "session-store-unavailable", "Sessions cannot be had at present");

    private final String challenge;
    private final String loginPath;

    Answers(String loginPath, String cookie) {
        this.loginPath = loginPath;
        // No scheme is registered for logins by a form; this is the one of draft-broyer-http-cookie-auth.
        this.challenge = "Cookie realm=\"login\", form-action=\"" + loginPath + "\", cookie-name=\"" + cookie + "\"";
    }

    /** To requests that no person waits for, and to those whose body would be lost by the way to the login. */
    Response needed(Request request, String why) {
        request.exchange().note("refused", why);
        boolean read = request.method().equals("GET") || request.method().equals("HEAD");
        return told(
                        NEEDED.withDetail(
                                        read
                                                ? "Open the page, or the path under login, in a browser."
                                                : "The request was not carried out. Log in, and then send it again.")
                                .with("login", loginPath),
                        request)
                .withHeader("www-authenticate", challenge);
    }

    Response invalid(Request request, String why) {
        request.exchange().note("refused", why);
        return told(INVALID.withDetail(why + " Open the page that you wanted again."), request);
    }

    Response refused(Request request, String error) {
        request.exchange().note("refused", error);
        return told(REFUSED.withDetail("It says: " + error), request);
    }

    Response insufficient(Request request, String claim) {
        request.exchange().note("refused", "claim " + claim);
        return told(INSUFFICIENT, request);
    }

    Response logoutTokenInvalid(Request request, String why) {
        request.exchange().note("refused", why);
        return told(LOGOUT_TOKEN, request);
    }

    Response logoutFromElsewhere(Request request) {
        request.exchange().note("refused", "a logout from another site");
        return told(ELSEWHERE, request);
    }

    Response unavailable(Request request) {
        request.exchange().note("refused", "provider unavailable");
        return told(UNAVAILABLE, request).withHeader("retry-after", Long.toString(OpenIdProvider.PAUSE.toSeconds()));
    }

    Response storeUnavailable(Request request) {
        request.exchange().note("refused", "store unavailable");
        return told(STORE, request).withHeader("retry-after", "1");
    }

    /** Sends a browser elsewhere, by GET. */
    static Response redirect(String to) {
        return Response.of(303).withHeader("location", to).withHeader("cache-control", "no-store");
    }

    private static Response told(Problem problem, Request request) {
        return problem.toResponse(request).withHeader("cache-control", "no-store");
    }
}
