package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The answers to requests that do not pass, with the challenges of RFC 6750 §3 and RFC 9449 §7.1. */
final class Answers {

    private static final Problem MISSING = new Problem(401, "token-missing", "A token is needed");
    private static final Problem INVALID = new Problem(401, "token-invalid", "The token is not valid");
    private static final Problem PROOF = new Problem(401, "token-proof-invalid", "The token is not proven to be yours");
    private static final Problem INSUFFICIENT = new Problem(403, "token-insufficient", "The token does not allow this");
    private static final Problem UNAVAILABLE =
            new Problem(503, "token-keys-unavailable", "The token cannot be checked at present");

    private final List<Scheme> schemes;
    private final String scopes;
    private final String algorithms;
    private final Consumer<String> counter;

    /**
     * Answers for a step.
     *
     * @param schemes by which tokens may be sent
     * @param counter is told each time why, in a word
     */
    Answers(JwtAuthConfig config, List<Scheme> schemes, Consumer<String> counter) {
        this.counter = counter;
        this.schemes = schemes;
        this.scopes = String.join(" ", config.scopes());
        this.algorithms = config.algorithms().stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    Response missing(Request request) {
        refused(request, "missing", "no token");
        String how = schemes.contains(Scheme.BEARER) ? "Bearer." : "DPoP, with a proof.";
        // "If the request lacks any authentication information … SHOULD NOT include an error code": §3.1.
        Response response =
                MISSING.withDetail("Send it as Authorization: " + how).toResponse(request);
        for (Scheme scheme : schemes) {
            response = challenged(response, scheme, "");
        }
        return response;
    }

    Response invalid(Request request, Scheme scheme, String why) {
        refused(request, "invalid", why);
        return challenged(
                INVALID.withDetail(why).toResponse(request),
                scheme,
                ", error=\"invalid_token\", error_description=\"" + why + "\"");
    }

    Response unproven(Request request, String why) {
        refused(request, "unproven", why);
        return challenged(
                PROOF.withDetail(why).toResponse(request),
                Scheme.DPOP,
                ", error=\"invalid_dpop_proof\", error_description=\"" + why + "\"");
    }

    Response nonceNeeded(Request request, String nonce) {
        String why = "The proof must hold the nonce that comes with this answer.";
        refused(request, "unproven", why);
        return challenged(
                        PROOF.withDetail(why).toResponse(request),
                        Scheme.DPOP,
                        ", error=\"use_dpop_nonce\", error_description=\"" + why + "\"")
                .withHeader("dpop-nonce", nonce);
    }

    Response insufficientScope(Request request, Scheme scheme) {
        refused(request, "insufficient", "scope");
        return challenged(
                INSUFFICIENT.withDetail("It needs the scopes: " + scopes).toResponse(request),
                scheme,
                ", error=\"insufficient_scope\", scope=\"" + scopes + "\"");
    }

    Response insufficientClaim(Request request, Scheme scheme, String claim) {
        refused(request, "insufficient", "claim " + claim);
        return challenged(INSUFFICIENT.toResponse(request), scheme, ", error=\"insufficient_scope\"");
    }

    Response unavailable(Request request) {
        refused(request, "unavailable", "keys unavailable");
        return UNAVAILABLE.toResponse(request).withHeader("retry-after", Long.toString(Keys.PAUSE.toSeconds()));
    }

    private void refused(Request request, String reason, String note) {
        request.exchange().note("refused", note);
        counter.accept(reason);
    }

    private Response challenged(Response response, Scheme scheme, String parameters) {
        String challenge = switch (scheme) {
            case BEARER -> "Bearer realm=\"api\"" + parameters;
            case DPOP -> "DPoP realm=\"api\", algs=\"" + algorithms + "\"" + parameters;
        };
        return response.withHeaders(response.headers().withAdded("www-authenticate", challenge));
    }
}
