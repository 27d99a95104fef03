package dev.sallyport.kernel.http;

import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.PathPolicy;
import dev.sallyport.kernel.config.PathPolicy.DoubleSlash;
import dev.sallyport.kernel.config.PathPolicy.EncodedSlash;
import dev.sallyport.kernel.http.ParsedTarget.Accepted;
import dev.sallyport.kernel.http.ParsedTarget.Refused;
import dev.sallyport.kernel.routing.MalformedPathException;
import dev.sallyport.kernel.routing.NormalPath;
import org.jspecify.annotations.Nullable;

/**
 * Reads the target of a request line, or {@code :path}, into its one normal form: what routes match, steps judge and
 * upstreams get is the same text. The path's form is that of {@link NormalPath}, then the listener's policy is applied.
 *
 * <p>The query stays as it came, but that a {@code %} which begins no percent-encoding becomes {@code %25}: so readers
 * that decode strictly and those that do not find the same values in it. Only visible ASCII may stand in it.
 *
 * <p>Forms (RFC 9112 §3.2): origin form; absolute form of {@code http} and {@code https}; {@code *} for OPTIONS. CONNECT
 * is refused: this is no forward proxy.
 */
public final class RequestPath {

    private RequestPath() {}

    /**
     * Reads a target.
     *
     * @param target as it came over the wire
     */
    public static ParsedTarget parse(String method, String target, PathPolicy policy) {
        if (method.equals("CONNECT")) {
            return new Refused(501, "CONNECT is not supported");
        }
        if (target.equals("*")) {
            return method.equals("OPTIONS")
                    ? new Accepted(new RequestTarget("*", null), null)
                    : bad("the request target * is for OPTIONS only");
        }
        if (target.startsWith("/")) {
            return origin(target, policy, null);
        }
        int scheme = target.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
        return scheme < 0
                ? bad("the request target does not start with /")
                : absolute(method, target.substring(scheme), policy);
    }

    private static ParsedTarget absolute(String method, String rest, PathPolicy policy) {
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        Authority authority = Authority.parse(rest.substring(0, end));
        if (authority == null) {
            return bad("the request target has no valid host");
        }
        String path = rest.substring(end);
        if (path.isEmpty() && method.equals("OPTIONS")) {
            return new Accepted(new RequestTarget("*", null), authority); // RFC 9112 §3.2.4
        }
        return origin(path.startsWith("/") ? path : "/" + path, policy, authority);
    }

    private static ParsedTarget origin(String target, PathPolicy policy, @Nullable Authority authority) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? null : target.substring(mark + 1);
        if (path.indexOf('#') >= 0 || (query != null && query.indexOf('#') >= 0)) {
            return bad("the request target has a fragment");
        }
        try {
            path = NormalPath.of(path);
        } catch (MalformedPathException e) {
            return bad(String.valueOf(e.getMessage()));
        }
        if (policy.encodedSlash() == EncodedSlash.REJECT && path.contains("%2F")) {
            return bad("the path has an encoded slash");
        }
        if (policy.doubleSlash() != DoubleSlash.KEEP && path.contains("//")) {
            if (policy.doubleSlash() == DoubleSlash.REJECT) {
                return bad("the path has an empty segment");
            }
            path = merged(path);
        }
        if (query != null) {
            if (!isVisible(query)) {
                return bad("the query has a character that must be percent-encoded");
            }
            query = mended(query);
        }
        return new Accepted(new RequestTarget(path, query), authority);
    }

    private static String merged(String path) {
        StringBuilder result = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || i == 0 || path.charAt(i - 1) != '/') {
                result.append(c);
            }
        }
        return result.toString();
    }

    private static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static String mended(String query) {
        int percent = query.indexOf('%');
        if (percent < 0) {
            return query;
        }
        StringBuilder result = new StringBuilder(query.length() + 8).append(query, 0, percent);
        for (int i = percent; i < query.length(); i++) {
            char c = query.charAt(i);
            result.append(c);
            if (c == '%' && !(isHex(query, i + 1) && isHex(query, i + 2))) {
                result.append("25");
            }
        }
        return result.length() == query.length() ? query : result.toString();
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && text.charAt(at) < 0x80 && Character.digit(text.charAt(at), 16) >= 0;
    }

    private static Refused bad(String reason) {
        return new Refused(400, reason);
    }
}
