package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;

/**
 * The handshake of a WebSocket whose client did none: over HTTP/2 it asks by an extended CONNECT, which has no key (RFC
 * 8441 §5). Towards a target of HTTP/1.1 the gateway is the client then: it makes the key, and verifies the answer to it
 * (RFC 6455 §4.1).
 */
final class WebSocketHandshake {

    private static final String KEY = "Sec-WebSocket-Key";
    private static final String VERSION = "Sec-WebSocket-Version";
    private static final String ACCEPT = "Sec-WebSocket-Accept";
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final SecureRandom RANDOM = new SecureRandom();

    private WebSocketHandshake() {}

    static boolean isMissingIn(Outgoing request) {
        return "websocket".equals(request.upgrade()) && !request.headers().has(KEY);
    }

    /** The same request as a handshake. */
    static Outgoing of(Outgoing request) {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        Headers headers = request.headers().with(KEY, Base64.getEncoder().encodeToString(random));
        return new Outgoing(
                request.target(),
                "GET",
                request.requestTarget(),
                headers.has(VERSION) ? headers : headers.with(VERSION, "13"),
                request.body(),
                request.upgrade(),
                request.acceptsTrailers(),
                request.timeouts(),
                request.link(),
                request.cancellation(),
                request.runner(),
                request.onInterim(),
                request.onMoment());
    }

    /** The response, without the proof that is meant for this side alone. */
    static Response checked(Outgoing sent, Response response) throws UpstreamException {
        Tunnel tunnel = response.tunnel();
        if (tunnel == null) {
            return response;
        }
        String key = Objects.requireNonNull(sent.headers().get(KEY));
        if (!accept(key).equals(response.headers().get(ACCEPT))) {
            tunnel.close();
            throw Failures.notHttp(
                    sent.target(), new ProtocolException(ACCEPT + " does not answer " + KEY + " (RFC 6455 §4.1)"));
        }
        return response.withHeaders(response.headers().without(ACCEPT));
    }

    /** What answers a key. */
    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
