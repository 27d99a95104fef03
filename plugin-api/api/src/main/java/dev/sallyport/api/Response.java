package dev.sallyport.api;

import org.jspecify.annotations.Nullable;

/**
 * A response on its way back through a chain: an immutable value that has not been written yet. Its body streams when it
 * is written, after the last step has returned it.
 *
 * <p>A response that switches protocols (101, or 200 to an extended CONNECT) carries a {@link Tunnel} in the place of a
 * body. Interim responses (1xx) go through {@link Exchange#interim}.
 */
public final class Response {

    private final int status;
    private final Headers headers;
    private final Body body;
    private final @Nullable Tunnel tunnel;
    private final @Nullable Problem problem;

    private Response(int status, Headers headers, Body body, @Nullable Tunnel tunnel, @Nullable Problem problem) {
        if (status < 100 || status > 599 || (status < 200 && tunnel == null)) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
        }
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.tunnel = tunnel;
        this.problem = problem;
    }

    /** A response without fields and body. */
    public static Response of(int status) {
        return new Response(status, Headers.empty(), Body.empty(), null, null);
    }

    /** A response of those parts. */
    public static Response of(int status, Headers headers, Body body) {
        return new Response(status, headers, body, null, null);
    }

    /** A plain text in UTF-8. */
    public static Response text(int status, String text) {
        return of(status, Headers.of("content-type", "text/plain; charset=utf-8"), Body.of(text));
    }

    /** A JSON text. */
    public static Response json(int status, String json) {
        return of(status, Headers.of("content-type", "application/json"), Body.of(json));
    }

    /** A switch of protocols: the gateway joins the client's connection to the tunnel once the head is written. */
    public static Response upgrade(int status, Headers headers, Tunnel tunnel) {
        return new Response(status, headers, Body.empty(), tunnel, null);
    }

    static Response problem(Problem problem, Headers headers, Body body) {
        return new Response(problem.status(), headers, body, null, problem);
    }

    /** The status code, 200 to 599, or 101 with a tunnel. */
    public int status() {
        return status;
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

    /** What takes the body's place after a switch of protocols; null for an ordinary response. */
    public @Nullable Tunnel tunnel() {
        return tunnel;
    }

    /** The problem that this response tells, for as long as nobody has replaced its body; else null. */
    public @Nullable Problem problem() {
        return problem;
    }

    /** This response with another status. */
    public Response withStatus(int newStatus) {
        return new Response(newStatus, headers, body, tunnel, problem);
    }

    /** This response with other header fields. */
    @SuppressWarnings("ReferenceEquality") // a head that no step changed is passed on without a copy
    public Response withHeaders(Headers newHeaders) {
        return newHeaders == headers ? this : new Response(status, newHeaders, body, tunnel, problem);
    }

    /** This response with one header field in the place of all of its name. */
    public Response withHeader(String name, String value) {
        return withHeaders(headers.with(name, value));
    }

    /** This response without the header fields of that name. */
    public Response withoutHeader(String name) {
        return withHeaders(headers.without(name));
    }

    /** This response with another body; {@code Content-Length} is the gateway's business, {@code Content-Type} the step's. */
    public Response withBody(Body newBody) {
        return new Response(status, headers, newBody, null, null);
    }

    @Override
    public String toString() {
        return Integer.toString(status);
    }
}
