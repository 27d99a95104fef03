package dev.sallyport.kernel.trace;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.ResolvedConfig;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides how values are recorded. What a name marks as a secret becomes {@code ***}; what a reference of the configuration
 * gave becomes that reference; the rest is cut to a bound. Immutable.
 */
final class Mask {

    static final String MASKED = "***";

    private static final int LONGEST = 512;
    private static final int MOST_FIELDS = 100;

    /** What names of secrets have in common, wherever it stands in them. */
    private static final Pattern SECRET = Pattern.compile(
            "authorization|cookie|token|secret|passw|credential|session|signature|assertion|api-?key|csrf|xsrf");

    /** The same where it is a whole word of the name. */
    private static final Set<String> WORDS = Set.of("auth", "code", "jwt", "key", "otp", "pin", "pwd", "sid", "sig");

    /** Fields whose value is a URL; its fragment may be a token too. */
    private static final Set<String> URLS = Set.of("content-location", "location", "referer");

    private final Set<String> names;
    private final ResolvedConfig config;

    /** @param config which names further secrets and knows what its references gave */
    Mask(ResolvedConfig config) {
        this.config = config;
        Set<String> further = new HashSet<>();
        config.config().trace().mask().forEach(name -> further.add(normal(name)));
        names = Set.copyOf(further);
    }

    /** Whether values under that name are not recorded: of a header field or a query parameter. */
    boolean hides(String name) {
        String normal = normal(name);
        return names.contains(normal)
                || (SECRET.matcher(normal).find() && !normal.startsWith("access-control-"))
                || Arrays.stream(normal.split("-", -1)).anyMatch(WORDS::contains);
    }

    /** In lower case with hyphens: {@code apiKey}, {@code api_key} and {@code Api-Key} are one name. */
    private static String normal(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .replaceAll("[_.]", "-")
                .toLowerCase(Locale.ROOT);
    }

    /** A text that belongs to no name. */
    String text(String text) {
        String hidden = config.hide(text);
        return hidden.length() <= LONGEST ? hidden : hidden.substring(0, LONGEST) + "…";
    }

    /** The text of a note, which holds no secret by contract: fewer names are suspect, {@code keyId} is none. */
    String note(String name, String value) {
        String normal = normal(name);
        return names.contains(normal) || SECRET.matcher(normal).find() ? MASKED : text(value);
    }

    /** Path and query. */
    String target(RequestTarget target) {
        String query = target.query();
        return text(query == null ? target.path() : target.path() + "?" + query(query));
    }

    private String query(String query) {
        return Arrays.stream(query.split("&", -1)).map(this::pair).collect(Collectors.joining("&"));
    }

    private String pair(String pair) {
        int equals = pair.indexOf('=');
        return equals >= 0 && hides(decoded(pair.substring(0, equals)))
                ? pair.substring(0, equals) + "=" + MASKED
                : pair;
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return name;
        }
    }

    /** Header fields: a text for each name, or a list where there are several of it. */
    ObjectNode headers(Headers headers) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        for (String name : headers.names()) {
            if (json.size() == MOST_FIELDS) {
                json.put("…", headers.size() - MOST_FIELDS + " more");
                break;
            }
            put(json, name, headers.all(name));
        }
        return json;
    }

    /** What differs between the fields before and after; null where nothing does. */
    @Nullable
    ObjectNode changes(Headers before, Headers after) {
        if (before.equals(after)) {
            return null;
        }
        ObjectNode json = JsonMapper.shared().createObjectNode();
        for (String name : after.names()) {
            List<String> values = after.all(name);
            if (!values.equals(before.all(name))) {
                put(json.withObjectProperty("set"), name, values);
            }
        }
        for (String name : before.names()) {
            if (!after.has(name)) {
                json.withArrayProperty("removed").add(name.toLowerCase(Locale.ROOT));
            }
        }
        return json.isEmpty() ? null : json;
    }

    private void put(ObjectNode json, String name, List<String> values) {
        String shown = name.toLowerCase(Locale.ROOT);
        if (values.size() == 1) {
            json.put(shown, field(name, values.getFirst()));
        } else {
            ArrayNode list = json.putArray(shown);
            values.stream().limit(MOST_FIELDS).forEach(value -> list.add(field(name, value)));
        }
    }

    /** Fields may carry URLs, whose queries may carry secrets. */
    private String field(String name, String value) {
        if (hides(name)) {
            return MASKED;
        }
        int hash = URLS.contains(name.toLowerCase(Locale.ROOT)) ? value.indexOf('#') : -1;
        String url = hash < 0 ? value : value.substring(0, hash);
        int mark = url.indexOf('?');
        return text(mark < 0 ? url : url.substring(0, mark + 1) + query(url.substring(mark + 1)));
    }
}
