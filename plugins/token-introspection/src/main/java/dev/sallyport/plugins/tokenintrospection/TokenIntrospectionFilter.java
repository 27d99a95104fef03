package dev.sallyport.plugins.tokenintrospection;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks about the token of each request and says who the caller is. */
final class TokenIntrospectionFilter implements Filter {

    /** The claims of the token, for later steps. */
    @SuppressWarnings("rawtypes") // a class object knows no type arguments
    private static final Attribute<Map> CLAIMS = Attribute.of("jwt-claims", Map.class);

    private static final AttributeKey<String> SOURCE = AttributeKey.stringKey("source");

    private final TokenIntrospectionConfig config;
    private final Claims rules;
    private final KnownAnswers answers;
    private final Refusals refusals;
    private final LongCounter answered;
    private final LongCounter unanswered;

    TokenIntrospectionFilter(TokenIntrospectionConfig config, KnownAnswers answers, Meter meter) {
        this.config = config;
        this.rules = config.rules();
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
        if (claims.get("cnf") != null) {
            // RFC 9449 §7, RFC 8705 §3: who holds such a token must also show its key, which is not looked at here.
            return refusals.invalid(request, "The token is bound to a key, and is not accepted without it.");
        }
        if (!config.audience().isEmpty()
                && Json.texts(claims.get("aud")).stream().noneMatch(config.audience()::contains)) {
            return refusals.invalid(request, "The token is meant for another audience.");
        }
        List<String> names = Json.texts(Json.find(claims, config.consumer()));
        if (names.size() != 1 || names.getFirst().isEmpty()) {
            return refusals.invalid(request, "The token does not name its caller.");
        }
        request.exchange().note("consumer", names.getFirst());
        if (!scopes(claims).containsAll(config.scopes())) {
            return refusals.insufficientScope(request);
        }
        for (String claim : rules.require().keySet()) {
            if (Json.texts(Json.find(claims, claim)).stream().noneMatch(rules.accepted(claim)::contains)) {
                return refusals.insufficientClaim(request, claim);
            }
        }
        Exchange exchange = request.exchange();
        exchange.authenticated(new Consumer(names.getFirst()));
        exchange.put(CLAIMS, claims);
        return next.proceed(toUpstream(request, claims));
    }

    /** {@code scope} is a text with spaces (RFC 7662 §2.2); some providers send a list, or call it {@code scp}. */
    private static Set<String> scopes(Map<String, Object> claims) {
        Set<String> scopes = new HashSet<>();
        for (String claim : List.of("scope", "scp")) {
            Json.texts(claims.get(claim)).forEach(text -> scopes.addAll(Arrays.asList(text.split(" "))));
        }
        return scopes;
    }

    private Request toUpstream(Request request, Map<String, Object> claims) {
        Request passed = config.forward() ? request : request.withoutHeader("authorization");
        for (Map.Entry<String, String> told : rules.headers().entrySet()) {
            List<String> values = Json.texts(Json.find(claims, told.getValue()));
            boolean clear = values.size() == 1 || values.stream().noneMatch(value -> value.contains(","));
            String value = String.join(", ", values);
            // What a header cannot carry, or would carry as something else, is left out: no value is safer than a wrong
            // one.
            boolean sent = !values.isEmpty() && clear && isFieldValue(value);
            passed = sent ? passed.withHeader(told.getKey(), value) : passed.withoutHeader(told.getKey());
        }
        return passed;
    }

    private static boolean isFieldValue(String value) {
        try {
            Headers.of("x", value);
            return true;
        } catch (IllegalArgumentException notAValue) {
            return false;
        }
    }
}
