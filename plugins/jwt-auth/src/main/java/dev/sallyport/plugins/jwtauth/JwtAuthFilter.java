package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.oauth.Access;
import dev.sallyport.oauth.CertificateBinding;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks the token of each request and says who the caller is. */
final class JwtAuthFilter implements Filter {

    /** The claims of the token, for later steps. */
    @SuppressWarnings("rawtypes") // a class object knows no type arguments
    private static final Attribute<Map> CLAIMS = Attribute.of("jwt-claims", Map.class);

    private static final Holding FREE = (request, token, claims, answered) -> null;

    private final JwtAuthConfig config;
    private final TokenVerifier verifier;
    private final KnownTokens known;
    private final List<Scheme> schemes;
    private final Answers answers;
    private final Answers uncounted;
    private final @Nullable Possession possession;

    JwtAuthFilter(JwtAuthConfig config, List<TrustedIssuer> issuers, FilterContext context) {
        Dpop dpop = config.dpop();
        this.config = config;
        this.verifier = new TokenVerifier(config, issuers, context.clock());
        this.known = new KnownTokens(verifier, config.remember());
        this.schemes = dpop == null
                ? List.of(Scheme.BEARER)
                : dpop.required() ? List.of(Scheme.DPOP) : List.of(Scheme.BEARER, Scheme.DPOP);
        this.answers = new Answers(config, schemes, Telemetry.refusals(context.meter()));
        this.uncounted = new Answers(config, schemes, reason -> {});
        Telemetry.ages(context.meter(), issuers);
        this.possession = dpop == null ? null : new Possession(dpop, config, context);
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        try {
            return handle(request, next, known::verify, possession == null ? FREE : possession::refuse, answers);
        } catch (KeysUnavailableException alreadyLogged) {
            return answers.unavailable(request);
        }
    }

    /** With the keys that are there: no issuer is asked. */
    @Override
    public Explanation explain(Request request) throws Exception {
        Holding holding = possession == null ? FREE : possession::foresee;
        try {
            Explanation explained = Explanation.ofRun(
                    (asked, next) -> handle(asked, next, verifier::foresee, holding, uncounted), request);
            boolean byProof = Token.of(request, schemes) instanceof Token.Sent sent && sent.scheme() == Scheme.DPOP;
            return byProof && explained instanceof Explanation.Passes passes
                    ? new Explanation.Passes(passes.request(), "if the proof that comes with it holds")
                    : explained;
        } catch (KeysUnavailableException notHere) {
            return new Explanation.Unknown("the provider's keys decide: " + notHere.getMessage());
        }
    }

    /** How a token is checked. */
    private interface Check {
        Verdict verdict(String token) throws KeysUnavailableException, InterruptedException;
    }

    /** Whether whoever sent a token may use it: the answer where not, else null. */
    private interface Holding {
        @Nullable
        Response refuse(Request request, Token.Sent token, Map<String, Object> claims, Answers answered);
    }

    private Response handle(Request request, Next next, Check check, Holding holding, Answers answered)
            throws Exception {
        return switch (Token.of(request, schemes)) {
            case Token.None none -> answered.missing(request);
            case Token.Unreadable unreadable -> answered.invalid(request, unreadable.scheme(), unreadable.why());
            case Token.Sent sent ->
                switch (check.verdict(sent.text())) {
                    case Verdict.Refused refused -> answered.invalid(request, sent.scheme(), refused.why());
                    case Verdict.Accepted token -> {
                        if (!CertificateBinding.holds(token.claims(), request.exchange())) {
                            yield answered.invalid(
                                    request,
                                    sent.scheme(),
                                    "The token is bound to a certificate that the client has not shown.");
                        }
                        Response refused = holding.refuse(request, sent, token.claims(), answered);
                        yield refused == null ? admit(request, next, answered, sent.scheme(), token) : refused;
                    }
                };
        };
    }

    private Response admit(Request request, Next next, Answers answered, Scheme scheme, Verdict.Accepted token)
            throws Exception {
        Exchange exchange = request.exchange();
        return switch (token.access()) {
            case Access.Unnamed unnamed -> answered.invalid(request, scheme, "The token does not name its caller.");
            case Access.Lacking lacking -> {
                exchange.note("consumer", lacking.caller());
                String claim = lacking.claim();
                yield claim == null
                        ? answered.insufficientScope(request, scheme)
                        : answered.insufficientClaim(request, scheme, claim);
            }
            case Access.Granted granted -> {
                exchange.note("consumer", granted.caller());
                exchange.authenticated(new Consumer(granted.caller()));
                exchange.put(CLAIMS, token.claims());
                Request passed = config.forward()
                        ? request
                        : request.withoutHeader("authorization").withoutHeader("dpop");
                yield next.proceed(granted.tell(passed));
            }
        };
    }

    /** That this Java can check any of the signatures that are accepted; the provider may be down meanwhile. */
    @Override
    public void selfTest() {
        if (config.algorithms().stream().noneMatch(SignatureAlgorithm::isAvailable)) {
            throw new ConfigException(
                    "algorithms",
                    config.algorithms() + " (expected: one that this Java has; every token would be refused)");
        }
    }
}
