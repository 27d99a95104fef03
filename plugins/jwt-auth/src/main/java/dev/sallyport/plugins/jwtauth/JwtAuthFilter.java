package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the token of each request and says who the caller is. */
final class JwtAuthFilter implements Filter {

    /** The claims of the token, for later steps. */
    @SuppressWarnings("rawtypes") // a class object knows no type arguments
    private static final Attribute<Map> CLAIMS = Attribute.of("jwt-claims", Map.class);

    private final JwtAuthConfig config;
    private final Claims rules;
    private final TokenVerifier verifier;
    private final Keys keys;
    private final Answers answers;

    JwtAuthFilter(JwtAuthConfig config, TokenVerifier verifier, Keys keys) {
        this.config = config;
        this.rules = config.rules();
        this.verifier = verifier;
        this.keys = keys;
        this.answers = new Answers(config.scopes());
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        try {
            return handle(request, next, verifier::verify);
        } catch (KeysUnavailableException alreadyLogged) {
            return answers.unavailable(request);
        }
    }

    /** With the keys that are there: the provider is not asked. */
    @Override
    public Explanation explain(Request request) throws Exception {
        try {
            return Explanation.ofRun((asked, next) -> handle(asked, next, verifier::foresee), request);
        } catch (KeysUnavailableException notHere) {
            return new Explanation.Unknown("the provider's keys decide: " + notHere.getMessage());
        }
    }

    /** How a token is checked. */
    private interface Check {
        Verdict verdict(String token) throws KeysUnavailableException, InterruptedException;
    }

    private Response handle(Request request, Next next, Check check) throws Exception {
        return switch (Token.of(request)) {
            case Token.None none -> answers.missing(request);
            case Token.Unreadable unreadable -> answers.invalid(request, unreadable.why());
            case Token.Bearer bearer -> judged(check.verdict(bearer.text()), request, next);
        };
    }

    private Response judged(Verdict verdict, Request request, Next next) throws Exception {
        return switch (verdict) {
            case Verdict.Refused refused -> answers.invalid(request, refused.why());
            case Verdict.Accepted accepted -> authorise(accepted.claims(), request, next);
        };
    }

    private Response authorise(Map<String, Object> claims, Request request, Next next) throws Exception {
        List<String> names = Json.texts(Json.find(claims, config.consumer()));
        if (names.size() != 1 || names.getFirst().isEmpty()) {
            return answers.invalid(request, "The token does not name its caller.");
        }
        request.exchange().note("consumer", names.getFirst());
        if (!scopes(claims).containsAll(config.scopes())) {
            return answers.insufficientScope(request);
        }
        for (String claim : rules.require().keySet()) {
            if (Json.texts(Json.find(claims, claim)).stream().noneMatch(rules.accepted(claim)::contains)) {
                return answers.insufficientClaim(request, claim);
            }
        }
        Exchange exchange = request.exchange();
        exchange.authenticated(new Consumer(names.getFirst()));
        exchange.put(CLAIMS, claims);
        return next.proceed(toUpstream(request, claims));
    }

    /** {@code scope} is a text with spaces (RFC 8693 §4.2); some providers send a list, or call it {@code scp}. */
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

    /** That this Java can check any of the signatures that are accepted; the provider may be down meanwhile. */
    @Override
    public void selfTest() {
        if (config.algorithms().stream().noneMatch(SignatureAlgorithm::isAvailable)) {
            throw new ConfigException(
                    "algorithms",
                    config.algorithms() + " (expected: one that this Java has; every token would be refused)");
        }
    }

    @Override
    public void close() {
        keys.close();
    }
}
