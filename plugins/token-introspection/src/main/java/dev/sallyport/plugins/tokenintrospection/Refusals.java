package dev.sallyport.plugins.tokenintrospection;

import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.List;

/** The answers to requests that do not pass, with the challenges of RFC 6750 §3. */
final class Refusals {

    private static final Problem MISSING =
            new Problem(401, "token-missing", "A token is needed").withDetail("Send it as Authorization: Bearer.");
    private static final Problem INVALID = new Problem(401, "token-invalid", "The token is not valid");
    private static final Problem INSUFFICIENT = new Problem(403, "token-insufficient", "The token does not allow this");
    private static final Problem UNAVAILABLE =
            new Problem(503, "identity-provider-unavailable", "The identity provider cannot be asked at present");

    private static final String BEARER = "Bearer realm=\"api\"";

    private final List<String> scopes;

    Refusals(List<String> scopes) {
        this.scopes = scopes;
    }

    Response missing(Request request) {
        request.exchange().note("refused", "no token");
        // "If the request lacks any authentication information … SHOULD NOT include an error code": §3.1.
        return MISSING.toResponse(request).withHeader("www-authenticate", BEARER);
    }

    Response invalid(Request request, String why) {
        request.exchange().note("refused", why);
        return INVALID.withDetail(why)
                .toResponse(request)
                .withHeader(
                        "www-authenticate", BEARER + ", error=\"invalid_token\", error_description=\"" + why + "\"");
    }

    Response insufficientScope(Request request) {
        request.exchange().note("refused", "scope");
        return INSUFFICIENT
                .withDetail("It needs the scopes: " + String.join(" ", scopes))
                .toResponse(request)
                .withHeader(
                        "www-authenticate",
                        BEARER + ", error=\"insufficient_scope\", scope=\"" + String.join(" ", scopes) + "\"");
    }

    Response insufficientClaim(Request request, String claim) {
        request.exchange().note("refused", "claim " + claim);
        return INSUFFICIENT
                .toResponse(request)
                .withHeader("www-authenticate", BEARER + ", error=\"insufficient_scope\"");
    }

    Response unavailable(Request request) {
        request.exchange().note("refused", "provider unavailable");
        return UNAVAILABLE
                .toResponse(request)
                .withHeader("retry-after", Long.toString(Introspection.PAUSE.toSeconds()));
    }
}
