package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import java.util.List;
import org.eclipse.jetty.http.HttpURI;
import org.jspecify.annotations.Nullable;

/** What Jetty's parsers let through though the RFCs call it malformed, or leave to each server: it is answered with 400. */
final class RequestRules {

    private static final List<String> NOT_IN_HTTP2 =
            List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private RequestRules() {}

    /**
     * Why a request is refused; null where it is not.
     *
     * @param raw the fields as they came, with the host that an absolute form names
     * @param host what the field {@code Host} said; null where there was none
     */
    static @Nullable String fault(String protocol, HttpURI uri, Headers raw, @Nullable String host) {
        if (uri.getUser() != null) { // RFC 9110 §4.2.4
            return "the request target has user information";
        }
        String scheme = uri.getScheme();
        if (scheme != null && !scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            return "the scheme of the request target is neither http nor https";
        }
        if (protocol.equals("HTTP/1.1") && isNone(uri.getHost()) && !isNone(host)) { // RFC 9110 §4.2.1
            return "the request target has no host";
        }
        return switch (protocol) {
            case "HTTP/1.0" -> isFramedAsLater(raw) ? "Transfer-Encoding in HTTP/1.0" : null;
            case "HTTP/2" -> http2(uri, raw, host);
            default -> null;
        };
    }

    private static boolean isNone(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /** RFC 9112 §6.1: its framing is faulty, so the connection must be closed after it. */
    static boolean isFramedAsLater(Headers raw) {
        return raw.has("transfer-encoding");
    }

    private static @Nullable String http2(HttpURI uri, Headers raw, @Nullable String host) {
        for (String name : NOT_IN_HTTP2) {
            // RFC 9113 §8.2.2; but the request that asked HTTP/1.1 to go on with h2c comes as it was sent then
            if (raw.has(name) && !raw.has("http2-settings")) {
                return "HTTP/2 has no field " + name;
            }
        }
        if (!raw.has("host")) {
            return "the request has neither :authority nor Host";
        }
        String authority = uri.getAuthority();
        return authority != null && host != null && !isSame(authority, host) // RFC 9113 §8.3.1
                ? "Host is not that of :authority"
                : null;
    }

    /** Whether two written forms name the same host and port of {@code http}. */
    static boolean isSame(String one, String other) {
        if (one.equals(other)) {
            return true; // nearly always, and without reading either
        }
        Authority first = Authority.parse(one);
        Authority second = Authority.parse(other);
        return first != null
                && second != null
                && first.host().equalsIgnoreCase(second.host())
                && (first.port() < 0 ? 80 : first.port()) == (second.port() < 0 ? 80 : second.port());
    }

    /** The cookies of HTTP/2 may come in crumbs, which are one line to all who read them (RFC 9113 §8.2.3). */
    static Headers withWholeCookie(Headers raw) {
        List<String> crumbs = raw.all("cookie");
        return crumbs.size() < 2 ? raw : raw.with("cookie", String.join("; ", crumbs));
    }
}
