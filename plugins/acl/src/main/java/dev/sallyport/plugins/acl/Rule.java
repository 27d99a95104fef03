package dev.sallyport.plugins.acl;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Conditions that must all hold; of the values of one, any. */
public record Rule(
        @Doc("Names of consumers.") List<String> consumers,
        @Doc("Groups of the consumer.") @Shorthand List<String> groups,
        @Doc("Scopes of the token.") List<String> scopes,

        @Doc("Claims of the token and the value that each must have, or a list of values of which one is enough.")
        Map<String, Object> claims,

        @Doc("Methods of the request, in capitals.") List<String> methods) {

    public Rule {
        consumers = List.copyOf(consumers);
        groups = List.copyOf(groups);
        scopes = List.copyOf(scopes);
        claims = Map.copyOf(claims);
        methods = List.copyOf(methods);
        if (consumers.isEmpty() && groups.isEmpty() && scopes.isEmpty() && claims.isEmpty() && methods.isEmpty()) {
            throw new ConfigException(
                    "", "a rule without a condition (expected: consumers, groups, scopes, claims or methods)");
        }
        claims.forEach((claim, values) -> {
            if (Claims.texts(values).isEmpty()) {
                throw new ConfigException(
                        "claims." + claim, values + " (expected: a text, number or boolean, or a list of these)");
            }
        });
        for (String method : methods) {
            if (!method.matches("[A-Z][A-Z0-9-]*")) {
                throw new ConfigException("methods", "'" + method + "' (expected: a method in capitals, such as GET)");
            }
        }
    }

    /** Whether all its conditions hold. */
    boolean fits(Caller caller) {
        return fits(consumers, caller.names())
                && fits(groups, caller.groups())
                && fits(scopes, caller.claims().scopes())
                && fits(methods, List.of(caller.method()))
                && claims.entrySet().stream()
                        .allMatch(claim -> fits(
                                Claims.texts(claim.getValue()), caller.claims().texts(claim.getKey())));
    }

    private static boolean fits(List<String> accepted, List<String> had) {
        return accepted.isEmpty() || had.stream().anyMatch(accepted::contains);
    }

    /** As people write it: {@code groups partners, methods POST}. */
    @Override
    public String toString() {
        StringJoiner all = new StringJoiner(", ");
        tell(all, "consumers", consumers);
        tell(all, "groups", groups);
        tell(all, "scopes", scopes);
        claims.forEach((claim, values) -> tell(all, "claim " + claim, Claims.texts(values)));
        tell(all, "methods", methods);
        return all.toString();
    }

    private static void tell(StringJoiner all, String name, List<String> values) {
        if (!values.isEmpty()) {
            all.add(name + " " + String.join(" or ", values));
        }
    }
}
