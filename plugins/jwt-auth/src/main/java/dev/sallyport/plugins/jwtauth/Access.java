package dev.sallyport.plugins.jwtauth;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the claims of a valid token come to at a step: the same each time that the token comes. */
sealed interface Access {

    /** It does not say whose it is. */
    record Unnamed() implements Access {}

    /** It does not allow this; the claim is null where a scope is lacking. */
    record Lacking(String caller, @Nullable String claim) implements Access {}

    /** It does. */
    record Granted(String caller, List<Told> told) implements Access {

        /** The request with what the upstream is told, and nothing else under those names. */
        Request tell(Request request) {
            Request result = request;
            for (Told one : told) {
                result =
                        one.value == null ? result.withoutHeader(one.header) : result.withHeader(one.header, one.value);
            }
            return result;
        }
    }

    /** A header that tells a claim; null where it cannot. */
    record Told(String header, @Nullable String value) {}

    static Access of(Map<String, Object> claims, Issuer issuer, JwtAuthConfig config) {
        List<String> names = Json.texts(Json.find(claims, config.consumer()));
        if (names.size() != 1 || names.getFirst().isEmpty()) {
            return new Unnamed();
        }
        String caller = issuer.caller(names.getFirst());
        if (!scopes(claims).containsAll(config.scopes())) {
            return new Lacking(caller, null);
        }
        Claims rules = config.rules();
        for (String claim : rules.require().keySet()) {
            if (Json.texts(Json.find(claims, claim)).stream().noneMatch(rules.accepted(claim)::contains)) {
                return new Lacking(caller, claim);
            }
        }
        List<Told> told = new ArrayList<>();
        rules.headers().forEach((header, claim) -> told.add(new Told(header, value(Json.find(claims, claim)))));
        return new Granted(caller, List.copyOf(told));
    }

    /** {@code scope} is a text with spaces (RFC 8693 §4.2); some providers send a list, or call it {@code scp}. */
    private static Set<String> scopes(Map<String, Object> claims) {
        Set<String> scopes = new HashSet<>();
        for (String claim : List.of("scope", "scp")) {
            Json.texts(claims.get(claim)).forEach(text -> scopes.addAll(Arrays.asList(text.split(" "))));
        }
        return scopes;
    }

    /** What a header cannot carry, or would carry as something else, is left out: no value is safer than a wrong one. */
    private static @Nullable String value(@Nullable Object claim) {
        List<String> values = Json.texts(claim);
        boolean clear = values.size() == 1 || values.stream().noneMatch(value -> value.contains(","));
        if (values.isEmpty() || !clear) {
            return null;
        }
        String value = String.join(", ", values);
        try {
            Headers.of("x", value);
            return value;
        } catch (IllegalArgumentException notAValue) {
            return null;
        }
    }
}
