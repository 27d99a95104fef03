package dev.sallyport.plugins.tokenintrospection;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.oauth.Access;
import dev.sallyport.oauth.CertificateBinding;
import dev.sallyport.oauth.JsonValues;
import dev.sallyport.oauth.ProviderUnavailableException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Asks about the token of each request and says who the caller is. */
final class TokenIntrospectionFilter implements Filter {

    /** The claims of the token, for later steps. */
    @SuppressWarnings("rawtypes") // a class object knows no type arguments
    private static final Attribute<Map> CLAIMS = Attribute.of("jwt-claims", Map.class);

    private static final AttributeKey<String> SOURCE = AttributeKey.stringKey("source");

    private final TokenIntrospectionConfig config;
    private final KnownAnswers answers;
    private final Refusals refusals;
    private final LongCounter answered;
    private final LongCounter unanswered;

    TokenIntrospectionFilter(TokenIntrospectionConfig config, KnownAnswers answers, Meter meter) {
        this.config = config;
        this.answers = answers;
        this.refusals = new Refusals(config.scopes());
        this.answered =
                meter.counterBuilder("sallyport.token_introspection.answers").build();
        this.unanswered =
                meter.counterBuilder("sallyport.token_introspection.unanswered").build();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        return switch (Token.of(request)) {
            case Token.None none -> refusals.missing(request);
            case Token.Unreadable unreadable -> refusals.invalid(request, unreadable.why());
            case Token.Bearer bearer -> {
                KnownAnswers.Found found;
                try {
                    found = answers.look(bearer.text());
                } catch (ProviderUnavailableException alreadyLogged) {
                    unanswered.add(1);
                    yield refusals.unavailable(request);
                }
                answered.add(1, Attributes.of(SOURCE, found.source()));
                request.exchange().note("answer", found.source());
                yield judged(found.answer(), request, next);
            }
        };
    }

    /** With what is known: the provider is not asked. */
    @Override
    public Explanation explain(Request request) throws Exception {
        Token token = Token.of(request);
        if (!(token instanceof Token.Bearer bearer)) {
            return Explanation.ofRun(this, request);
        }
        Answer here = answers.here(bearer.text());
        return here == null
                ? new Explanation.Unknown("the provider decides, and is not asked for this")
                : Explanation.ofRun((asked, next) -> judged(here, asked, next), request);
    }

    private Response judged(Answer answer, Request request, Next next) throws Exception {
        return switch (answer) {
            case Answer.Inactive inactive -> refusals.invalid(request, "The token is not active.");
            case Answer.Active active -> authorise(active.claims(), request, next);
        };
    }

    private Response authorise(Map<String, Object> claims, Request request, Next next) throws Exception {
        Object issuer = claims.get("iss");
        if (config.issuer() != null && issuer != null && !config.issuer().equals(issuer)) {
            return refusals.invalid(request, "The token is of another issuer.");
        }
        Object bound = claims.get("cnf");
        boolean toCertificate = bound instanceof Map<?, ?> to && to.keySet().equals(Set.of(CertificateBinding.MEMBER));
        if (bound != null && !toCertificate) {
            // RFC 9449 §7: who holds such a token must also show its key, which is not looked at here.
            return refusals.invalid(request, "The token is bound to a key, and is not accepted without it.");
        }
        if (!CertificateBinding.holds(claims, request.exchange())) {
            return refusals.invalid(request, "The token is bound to a certificate that the client has not shown.");
        }
        if (!config.audience().isEmpty()
                && JsonValues.texts(claims.get("aud")).stream().noneMatch(config.audience()::contains)) {
            return refusals.invalid(request, "The token is meant for another audience.");
        }
        return switch (Access.of(
                claims, config.consumer(), UnaryOperator.identity(), config.scopes(), config.rules())) {
            case Access.Unnamed unnamed -> refusals.invalid(request, "The token does not name its caller.");
            case Access.Lacking lacking -> {
                request.exchange().note("consumer", lacking.caller());
                String claim = lacking.claim();
                yield claim == null ? refusals.insufficientScope(request) : refusals.insufficientClaim(request, claim);
            }
            case Access.Granted granted -> {
                Exchange exchange = request.exchange();
                exchange.note("consumer", granted.caller());
                exchange.authenticated(new Consumer(granted.caller()));
                exchange.put(CLAIMS, claims);
                yield next.proceed(granted.tell(config.forward() ? request : request.withoutHeader("authorization")));
            }
        };
    }
}
