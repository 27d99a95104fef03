package dev.sallyport.records;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes a query without the values that are secrets. Immutable. */
public final class QueryMask {

    /** Names under which secrets are commonly sent (RFC 6750 §2.3, RFC 6749, signed URLs of object stores). */
    private static final Set<String> KNOWN = Set.of(
            "access_token",
            "api_key",
            "apikey",
            "client_assertion",
            "client_secret",
            "id_token",
            "key",
            "passwd",
            "password",
            "refresh_token",
            "secret",
            "sig",
            "signature",
            "token",
            "x-amz-credential",
            "x-amz-security-token",
            "x-amz-signature",
            "x-goog-signature");

    private final Set<String> names;

    /**
     * A mask of what is known to be secret, and more.
     *
     * @param further names of parameters, in any case
     */
    public QueryMask(List<String> further) {
        Set<String> all = new HashSet<>(KNOWN);
        further.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        names = Set.copyOf(all);
    }

    /** A query, encoded as it came, with *** for the values that are secrets. */
    public String query(String query) {
        StringBuilder masked = null;
        for (int from = 0; from <= query.length(); ) {
            int and = query.indexOf('&', from);
            int end = and < 0 ? query.length() : and;
            int equals = query.indexOf('=', from);
            if (equals >= 0 && equals < end && names.contains(name(query.substring(from, equals)))) {
                if (masked == null) {
                    masked = new StringBuilder(query.length()).append(query, 0, from);
                }
                masked.append(query, from, equals).append("=***");
            } else if (masked != null) {
                masked.append(query, from, end);
            }
            if (masked != null && and >= 0) {
                masked.append('&');
            }
            from = end + 1;
        }
        return masked == null ? query : masked.toString();
    }

    /** A URL with its query masked; its fragment, which may be a token too, is left out. */
    public String url(String url) {
        int hash = url.indexOf('#');
        String whole = hash < 0 ? url : url.substring(0, hash);
        int mark = whole.indexOf('?');
        return mark < 0 ? whole : whole.substring(0, mark + 1) + query(whole.substring(mark + 1));
    }

    private static String name(String encoded) {
        if (encoded.indexOf('%') < 0 && encoded.indexOf('+') < 0) {
            return encoded.toLowerCase(Locale.ROOT);
        }
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notEncoded) {
            return encoded.toLowerCase(Locale.ROOT);
        }
    }
}
