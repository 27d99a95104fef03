package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.config.UpstreamConfig.Timeouts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
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
     * @throws UpstreamException where too many wait for a connection to the target already, it could not be reached or broke before the head had come
     * @throws ClientGoneException where the cancellation says so, or the request's body does
     * @throws UnsendableRequestException where the request cannot be put on the wire as it is; nothing was sent
     * @throws IOException where the request's body could not be read: as its stream has thrown it
     */
    Response send(Outgoing request) throws IOException;

    @Override
    void close();

    /** What {@code Host} says of a target. */
    static String authority(URI target) {
        return Target.authority(target);
    }

    /**
     * How targets of an upstream are connected to. Connections are kept and counted together for all upstreams that reach
     * a target by the same link; another one gets connections of its own, and the old ones run dry.
     *
     * @param protocol what is spoken
     * @param tls for targets of https; without a name of the server, the target's own is asked for
     * @param maxConnections the most connections to one target
     * @param maxPending the most requests that wait for one of them
     * @param keepAlive how long a connection is kept without a request
     */
    record Link(
            UpstreamConfig.Protocol protocol,
            UpstreamConfig.Tls tls,
            int maxConnections,
            int maxPending,
            Duration keepAlive) {

        /** The link to an upstream's targets. The name of the server is the Host sent on, unless a client chooses that. */
        public static Link of(UpstreamConfig upstream) {
            String host = upstream.host();
            boolean named = !host.equals("target") && !host.equals("client");
            String name = named ? host.replaceFirst(":\\d+$", "") : null;
            return new Link(
                    upstream.protocol(),
                    upstream.tls().named(name),
                    upstream.maxConnections(),
                    upstream.maxPending(),
                    upstream.keepAlive());
        }
    }

    /**
     * A request as it goes over the wire.
     *
     * @param target scheme, host and port
     * @param headers all fields to send, {@code Host} among them; those of the connection, {@code Expect} and
     *     {@code Content-Length} are not taken from here, since the wire makes its own
     * @param body what follows the head; it is opened once a connection is there, so that it can still be sent elsewhere
     *     where none could be had
     * @param upgrade the protocol to ask for, such as {@code websocket}; null for an ordinary request
     * @param acceptsTrailers whether the client takes trailers, which is passed on as {@code TE: trailers}
     * @param timeouts how long things may take
     * @param link how the connection is made
     * @param cancellation tells when nobody waits any more: its cause is then thrown to whoever waits
     * @param runner runs the copying of the body on another virtual thread, for which it holds what must be held; that
     *     thread is interrupted where it waits for bytes that nobody needs any more
     * @param onInterim hears of interim responses (status and fields, 100 excepted) as they come, on the thread that waits
     *     in {@code send}
     * @param onMoment hears of the making of a new connection, part by part, and how many nanoseconds each took, for those
     *     who record it; null for nobody. Of a connection that several requests have waited for, the first to use it hears
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
            Link link,
            Cancellation cancellation,
            Executor runner,
            BiConsumer<Integer, Headers> onInterim,
            @Nullable ObjLongConsumer<Moment> onMoment) {

        /** A request of whose connection nobody wants to hear. */
        public Outgoing(
                URI target,
                String method,
                RequestTarget requestTarget,
                Headers headers,
                Body body,
                @Nullable String upgrade,
                boolean acceptsTrailers,
                Timeouts timeouts,
                Link link,
                Cancellation cancellation,
                Executor runner,
                BiConsumer<Integer, Headers> onInterim) {
            this(
                    target,
                    method,
                    requestTarget,
                    headers,
                    body,
                    upgrade,
                    acceptsTrailers,
                    timeouts,
                    link,
                    cancellation,
                    runner,
                    onInterim,
                    null);
        }
    }
}
