package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.Problems;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.ListenerLimits;
import dev.sallyport.kernel.http.LimitHits.Limit;
import dev.sallyport.kernel.tls.Challenges;
import java.net.InetAddress;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.jspecify.annotations.Nullable;

/**
 * What a listener makes of the head of a request before any step sees it, and what it answers by itself. One code for
 * requests that come over the wire and for those that are only asked about ({@link AskedListener}). Immutable.
 *
 * @param rules the listener's
 * @param protocol {@code HTTP/1.1}, {@code HTTP/1.0} or {@code HTTP/2}
 * @param raw the fields as they came, {@code Host} among them
 */
record Reception(Serving.Rules rules, String protocol, Headers raw, Origin origin) {

    /** Where authorities look for proofs (RFC 8555 §8.3); routes may have what is none. */
    private static final String ACME = "/.well-known/acme-challenge/";

    /** @param scheme of the connection: {@code http} or {@code https} */
    static Reception of(
            org.eclipse.jetty.server.Request incoming, InetAddress peer, String scheme, Serving.Rules rules) {
        ConnectionMetaData connection = incoming.getConnectionMetaData();
        boolean http2 = connection.getHttpVersion().getVersion() == 20;
        String protocol = http2 ? "HTTP/2" : connection.getHttpVersion().asString();
        Headers sent = JettyHeaders.toHeaders(incoming.getHeaders());
        Headers raw = withHost(http2 ? RequestRules.withWholeCookie(sent) : sent, incoming.getHttpURI());
        return new Reception(rules, protocol, raw, rules.addresses().origin(peer, scheme, raw));
    }

    boolean http2() {
        return protocol.equals("HTTP/2");
    }

    /** The fields that steps see, with the request's id in a field of that name. */
    Headers headers(String idHeader, String id) {
        return IncomingHeaders.of(raw, origin, protocol, idHeader, id);
    }

    /** Whether the next request will come over the same connection, behind this one's body. */
    boolean keepsConnection() {
        return protocol.equals("HTTP/1.1") && !HopByHop.asksToClose(raw);
    }

    /** The protocol that the client asks to switch to; null for an ordinary request. */
    @Nullable
    String upgrade() {
        return protocol.equals("HTTP/1.1") ? HopByHop.upgrade(raw) : null;
    }

    /**
     * The request's target in its normal form, or why the request is refused.
     *
     * @param onLimit hears of a limit that was met
     */
    ParsedTarget target(org.eclipse.jetty.server.Request incoming, String method, Consumer<Limit> onLimit) {
        HttpURI uri = incoming.getHttpURI();
        ListenerLimits limits = rules.limits();
        if (raw.size() > limits.headerCount()) {
            onLimit.accept(Limit.HEADER_COUNT);
            return new ParsedTarget.Refused(431, "the limit is " + limits.headerCount() + " header fields");
        }
        if (uri.getFragment() != null) {
            return new ParsedTarget.Refused(400, "the request target has a fragment");
        }
        String host = raw.get("host");
        Authority authority = host == null || host.isEmpty()
                ? null
                : origin.isTrusted() ? Authority.parse(host) : origin.host(); // which was read from the same field
        if (host != null && !host.isEmpty() && authority == null) {
            return new ParsedTarget.Refused(400, "Host is not a host and port");
        }
        if (http2() && authority != null) { // whose clients use one connection for several hosts (RFC 9113 §9.1.1)
            TlsFacts tls = TlsFacts.of(incoming.getConnectionMetaData());
            if (tls != null && !tls.mayServe(authority.host())) {
                return new ParsedTarget.Refused(421, "this connection is for another host; use one of its own");
            }
        }
        String fault =
                RequestRules.fault(protocol, uri, raw, incoming.getHeaders().get(HttpHeader.HOST));
        if (fault != null) {
            return new ParsedTarget.Refused(400, fault);
        }
        String target = uri.getPathQuery();
        if (target != null && target.length() > limits.uri().bytes()) {
            onLimit.accept(Limit.URI);
            return new ParsedTarget.Refused(414, "the limit is " + limits.uri().bytes() + " bytes");
        }
        return RequestPath.parse(method, target == null || target.isEmpty() ? "/" : target, rules.paths());
    }

    /**
     * What the listener answers by itself; null where the request goes on to the steps.
     *
     * @param addresses where listeners are, by name
     */
    @Nullable
    Response answer(
            Request request,
            ParsedTarget target,
            @Nullable Challenges challenges,
            Supplier<Map<String, Address>> addresses) {
        if (target instanceof ParsedTarget.Refused refused) {
            return Problems.refused(request, refused.status(), refused.reason());
        }
        if (request.method().equals("TRACE")) {
            return Problems.badRequest(request, 501, "TRACE is not supported");
        }
        String path = request.target().path();
        if (challenges != null && path.startsWith(ACME)) {
            String answer = challenges.answer(path.substring(ACME.length()));
            if (answer != null) {
                return Response.text(200, answer);
            }
        }
        if (rules.redirectTo() != null) {
            return Redirect.answer(request, raw.get("host"), rules.redirectTo(), addresses.get());
        }
        return Expectation.canBeMet(raw) ? null : Problems.expectationFailed(request);
    }

    /** HTTP/2 has the host as a pseudo-field; an absolute-form target overrides the field (RFC 9112 §3.2.2). */
    private static Headers withHost(Headers raw, HttpURI uri) {
        String host = raw.get("host");
        if (host != null && isWrittenAs(uri, host)) {
            return raw; // nearly always, and without making the text anew
        }
        String authority = uri.getAuthority();
        return authority == null || (host != null && RequestRules.isSame(authority, host))
                ? raw
                : raw.with("host", authority);
    }

    private static boolean isWrittenAs(HttpURI uri, String text) {
        String host = uri.getHost();
        if (host == null || !text.startsWith(host)) {
            return false;
        }
        int port = 0;
        for (int i = host.length() + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || port > 65535) {
                return false;
            }
            port = port * 10 + c - '0';
        }
        return text.length() == host.length()
                ? uri.getPort() <= 0
                : text.charAt(host.length()) == ':' && port > 0 && port == uri.getPort();
    }
}
