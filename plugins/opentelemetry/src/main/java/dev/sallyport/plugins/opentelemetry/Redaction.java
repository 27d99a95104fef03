package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.LogMask;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells paths, queries and header fields without what is secret in them, and not at any length. Immutable. */
final class Redaction {

    /** What is told of a text at most. */
    static final int LONGEST = 2_048;

    private static final String REDACTED = "REDACTED";

    /** The conventions name the first four; the others carry secrets as commonly (RFC 6749, RFC 6750 §2.3). */
    private static final Set<String> KNOWN = Set.of(
            "awsaccesskeyid",
            "signature",
            "sig",
            "x-goog-signature",
            "access_token",
            "api_key",
            "apikey",
            "client_assertion",
            "client_secret",
            "code",
            "id_token",
            "key",
            "passwd",
            "password",
            "refresh_token",
            "secret",
            "token",
            "x-amz-credential",
            "x-amz-security-token",
            "x-amz-signature",
            "x-goog-credential");

    /** Fields whose values are secrets always. */
    private static final Set<String> SECRET_FIELDS =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    private final Set<String> names;

    Redaction(List<String> further) {
        Set<String> all = new HashSet<>(KNOWN);
        further.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        names = Set.copyOf(all);
    }

    static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    String path(String path, @Nullable LogMask mask) {
        return cut(mask == null ? path : mask.path(path));
    }

    String query(String query, @Nullable LogMask mask) {
        String[] pairs = query.split("&", -1);
        for (int i = 0; i < pairs.length; i++) {
            int equals = pairs[i].indexOf('=');
            if (equals > 0 && names.contains(name(pairs[i].substring(0, equals)))) {
                pairs[i] = pairs[i].substring(0, equals + 1) + REDACTED;
            }
        }
        String told = String.join("&", pairs);
        return cut(mask == null ? told : mask.query(told));
    }

    String field(String name, String value, @Nullable LogMask mask) {
        if (SECRET_FIELDS.contains(name)) {
            return REDACTED;
        }
        return cut(mask == null ? value : mask.header(name, value));
    }

    private static String name(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notEncoded) {
            return encoded.toLowerCase(Locale.ROOT);
        }
    }
}
