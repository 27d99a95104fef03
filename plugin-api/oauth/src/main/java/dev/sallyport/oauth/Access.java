package dev.sallyport.oauth;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the claims of a caller come to at a step: the same each time that they come. */
public sealed interface Access {

    /** They do not say whose they are. */
    record Unnamed() implements Access {}

    /** They do not allow this; the claim is null where a scope is lacking. */
    record Lacking(String caller, @Nullable String claim) implements Access {}

    /** They do. */
    record Granted(String caller, List<Told> told) implements Access {

        /** The request with what the upstream is told, and nothing else under those names. */
        public Request tell(Request request) {
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

    /**
     * Judges claims.
     *
     * @param naming the claim that names the caller
     * @param called what a caller of that name is called here
     * @param scopes that there must be, all of them
     * @param rules what else is asked
     */
    static Access of(
            Map<String, Object> claims,
            String naming,
            UnaryOperator<String> called,
            List<String> scopes,
            Claims rules) {
        List<String> names = JsonValues.texts(JsonValues.find(claims, naming));
        if (names.size() != 1 || names.getFirst().isEmpty()) {
            return new Unnamed();
        }
        String caller = called.apply(names.getFirst());
        if (!Scopes.of(claims).containsAll(scopes)) {
            return new Lacking(caller, null);
        }
        for (String claim : rules.require().keySet()) {
            if (JsonValues.texts(JsonValues.find(claims, claim)).stream().noneMatch(rules.accepted(claim)::contains)) {
                return new Lacking(caller, claim);
            }
        }
        List<Told> told = new ArrayList<>();
        rules.headers().forEach((header, claim) -> told.add(new Told(header, value(JsonValues.find(claims, claim)))));
        return new Granted(caller, List.copyOf(told));
    }

    /** What a header cannot carry, or would carry as something else, is left out: no value is safer than a wrong one. */
    private static @Nullable String value(@Nullable Object claim) {
        List<String> values = JsonValues.texts(claim);
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
