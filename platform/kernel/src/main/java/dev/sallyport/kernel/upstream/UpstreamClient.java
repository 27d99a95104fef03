package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.config.GatewayConfig.Timeouts;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Speaks HTTP to targets, over connections that it keeps. Blocking: it is called on the exchange's virtual thread.
 * Thread-safe; one instance outlives all generations, so that a reload never closes a connection.
 */
public interface UpstreamClient extends AutoCloseable {

    /**
     * Sends a request and waits for the head of the response. The body of the request may still be flowing when it
     * returns; the body of the response streams when it is read. Closing that body before its end gives up the exchange
     * with the target and its connection.
     *
     * @return the response with the target's own header fields, those of the connection taken off; with a tunnel where the
     *     target has switched protocols
     * @throws UpstreamException where the target could not be reached or broke before the head had come
     * @throws ClientGoneException where the cancellation says so
     */
    Response send(Outgoing request) throws UpstreamException, ClientGoneException;

    @Override
    void close();

    /**
     * A request as it goes over the wire.
     *
     * @param target scheme, host and port
     * @param headers all fields to send, {@code Host} among them, those of a connection not
     * @param upgrade the protocol to ask for, such as {@code websocket}; null for an ordinary request
     * @param acceptsTrailers whether the client takes trailers, which is passed on as {@code TE: trailers}
     * @param timeouts how long things may take
     * @param maxConnections the most connections to this target
     * @param cancellation tells when nobody waits any more
     * @param runner runs the copying of the body on another virtual thread, for which it holds what must be held
     * @param onInterim hears of interim responses (status and fields) as they come
     */
    record Outgoing(
            URI target,
            String method,
            RequestTarget requestTarget,
            Headers headers,
            Body body,
            @Nullable String upgrade,
            boolean acceptsTrailers,
            Timeouts timeouts,
            int maxConnections,
            Cancellation cancellation,
            Executor runner,
            BiConsumer<Integer, Headers> onInterim) {}
}
