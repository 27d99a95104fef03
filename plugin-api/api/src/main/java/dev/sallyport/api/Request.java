package dev.sallyport.api;

import org.jspecify.annotations.Nullable;

/**
 * A request on its way through a chain: an immutable value. Steps pass on the one that they got, or a changed copy.
 *
 * <p>The headers are those meant for the far end: the ones that concern one connection only ({@code Connection},
 * {@code Keep-Alive}, {@code TE}, {@code Transfer-Encoding}, {@code Upgrade}, …; RFC 9110 §7.6.1) are the gateway's own
 * business. {@code Host} is there, also for HTTP/2.
 */
public final class Request {

    private final String method;
    private final RequestTarget target;
    private final Headers headers;
    private final Body body;
    private final @Nullable String upgrade;
    private final Exchange exchange;

    /**
     * Made by the gateway, and by tests.
     *
     * @param upgrade the protocol that the client asks to switch to, in lower case, such as {@code websocket}; or null
     */
    public Request(
            String method,
            RequestTarget target,
            Headers headers,
            Body body,
            @Nullable String upgrade,
            Exchange exchange) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
        this.upgrade = upgrade;
        this.exchange = exchange;
    }

    /** The method, in its own case: {@code GET}. */
    public String method() {
        return method;
    }

    /** Path and query. */
    public RequestTarget target() {
        return target;
    }

    /** The path, encoded: short for {@code target().path()}. */
    public String path() {
        return target.path();
    }

    /** The header fields. */
    public Headers headers() {
        return headers;
    }

    /** The first value of a header field, or null: short for {@code headers().get(name)}. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** The body; empty where there is none. */
    public Body body() {
        return body;
    }

    /** The protocol that the client asks to switch to, such as {@code websocket}; null for an ordinary request. */
    public @Nullable String upgrade() {
        return upgrade;
    }

    /** All that concerns this request and its response together. */
    public Exchange exchange() {
        return exchange;
    }

    /** This request with another method. */
    public Request withMethod(String newMethod) {
        return new Request(newMethod, target, headers, body, upgrade, exchange);
    }

    /** This request for another path and query. */
    public Request withTarget(RequestTarget newTarget) {
        return new Request(method, newTarget, headers, body, upgrade, exchange);
    }

    /** This request with other header fields. */
    @SuppressWarnings("ReferenceEquality") // a head that no step changed is passed on without a copy
    public Request withHeaders(Headers newHeaders) {
        return newHeaders == headers ? this : new Request(method, target, newHeaders, body, upgrade, exchange);
    }

    /** This request with one header field in the place of all of its name. */
    public Request withHeader(String name, String value) {
        return withHeaders(headers.with(name, value));
    }

    /** This request without the header fields of that name. */
    public Request withoutHeader(String name) {
        return withHeaders(headers.without(name));
    }

    /** This request with another body; {@code Content-Length} is the gateway's business, {@code Content-Type} the step's. */
    public Request withBody(Body newBody) {
        return new Request(method, target, headers, newBody, upgrade, exchange);
    }

    /** Method and path; no query and no header, which may carry secrets. */
    @Override
    public String toString() {
        return method + " " + target.path();
    }
}
