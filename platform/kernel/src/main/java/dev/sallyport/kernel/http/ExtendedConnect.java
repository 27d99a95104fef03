package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.security.SecureRandom;
import java.util.Base64;
import org.eclipse.jetty.server.TunnelSupport;

/**
 * A WebSocket over HTTP/2, which a client opens by an extended CONNECT (RFC 8441). Steps and upstreams see it as HTTP/1.1
 * has it: a GET that asks for an upgrade, with a key, which HTTP/2 does without.
 */
final class ExtendedConnect {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String KEY = "sec-websocket-key";

    private ExtendedConnect() {}

    /** Whether that is one. Other protocols are refused like any CONNECT. */
    static boolean isWebSocket(org.eclipse.jetty.server.Request incoming) {
        TunnelSupport tunnel = incoming.getTunnelSupport();
        return tunnel != null
                && incoming.getConnectionMetaData().getHttpVersion().getVersion() == 20
                && "websocket".equals(tunnel.getProtocol());
    }

    /** The fields of the GET that stands for it. */
    static Headers asUpgrade(Headers headers) {
        byte[] key = new byte[16];
        RANDOM.nextBytes(key);
        return headers.with(KEY, Base64.getEncoder().encodeToString(key));
    }

    /** The answer to the GET, for the client that knows of none: a success without a tunnel would be taken for one. */
    static Response answer(Request request, Response response) {
        if (response.tunnel() == null && response.status() / 100 == 2) {
            response.body().close();
            return new Problem(502, "upstream-failed", "Upstream failed")
                    .withDetail("the upstream did not switch to WebSocket")
                    .toResponse(request);
        }
        return response;
    }
}
