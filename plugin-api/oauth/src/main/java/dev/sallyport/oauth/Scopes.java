package dev.sallyport.oauth;

import dev.sallyport.api.config.ConfigException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Scopes, as settings and tokens name them. */
public final class Scopes {

    /** RFC 6749 §3.3: a scope is one or more visible characters without quotes and backslash. */
    private static final Pattern FORM = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");

    private Scopes() {}

    /**
     * The same, each of them a scope.
     *
     * @throws ConfigException for the key {@code scopes}, where one is none
     */
    public static List<String> checked(List<String> scopes) {
        for (String scope : scopes) {
            if (!FORM.matcher(scope).matches()) {
                throw new ConfigException("scopes", "'" + scope + "' (expected: one scope, without spaces and quotes)");
            }
        }
        return List.copyOf(scopes);
    }

    /** {@code scope} is a text with spaces (RFC 8693 §4.2, RFC 7662 §2.2); some send a list, or call it {@code scp}. */
    static Set<String> of(Map<String, Object> claims) {
        Set<String> scopes = new HashSet<>();
        for (String claim : List.of("scope", "scp")) {
            JsonValues.texts(claims.get(claim)).forEach(text -> scopes.addAll(Arrays.asList(text.split(" "))));
        }
        return scopes;
    }
}
