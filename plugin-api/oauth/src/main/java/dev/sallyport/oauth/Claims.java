package dev.sallyport.oauth;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What is asked of a token's claims, and what the upstream is told of them. */
public record Claims(
        @Doc("Claims and the value that each must have, or a list of values of which one is enough; others get 403.")
        Map<String, Object> require,

        @Doc("Request headers and the claim that each tells the upstream: {x-user: sub}.")
        Map<String, String> headers) {

    /** No demands, no headers. */
    public static final Claims NONE = new Claims(Map.of(), Map.of());

    /** Fields that say where a request goes and who sends it; a claim must not. */
    private static final Set<String> NOT_OURS =
            Set.of("authorization", "connection", "content-length", "host", "transfer-encoding");

    public Claims {
        Map<String, Object> required = new LinkedHashMap<>();
        require.forEach((claim, value) -> required.put(claim, texts(claim, value)));
        require = Map.copyOf(required);
        headers = Map.copyOf(headers);
        headers.keySet().forEach(Claims::checkHeader);
    }

    /** The values of which a claim must have one. */
    @SuppressWarnings("unchecked") // the constructor has put lists of texts there
    List<String> accepted(String claim) {
        return (List<String>) require.getOrDefault(claim, List.of());
    }

    private static List<String> texts(String claim, Object value) {
        List<?> values = value instanceof List<?> list ? list : List.of(value);
        if (values.isEmpty() || values.stream().anyMatch(one -> one instanceof Map || one instanceof List)) {
            throw new ConfigException("require." + claim, value + " (expected: a value, or a list of values)");
        }
        return values.stream().map(String::valueOf).toList();
    }

    private static void checkHeader(String name) {
        boolean valid;
        try {
            Headers.of(name, "");
            valid = !NOT_OURS.contains(name.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException notAName) {
            valid = false;
        }
        if (!valid) {
            throw new ConfigException("headers." + name, "'" + name + "' (expected: the name of a header of its own)");
        }
    }
}
