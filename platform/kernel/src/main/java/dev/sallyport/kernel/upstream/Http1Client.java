package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Response;
import dev.sallyport.kernel.config.UpstreamConfig.Tls;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over blocking sockets on virtual threads (RFC 9112): the exchange's own thread writes the request, reads the
 * head and then the body. Only a body that streams to the target takes one more virtual thread.
 *
 * <ol>
 *   <li>It keeps no cookies, follows no redirects, answers no challenges, decodes nothing, and adds no header field but
 *       those of the connection and {@code Content-Length}. Names and values of fields stay as they were sent, both ways.
 *   <li>What could be read in two ways is refused, and a connection on which more came than was asked for is closed: no
 *       response reaches another request.
 *   <li>A kept connection that the target closes just as a request goes out costs one silent repetition, where the method
 *       is idempotent and the request has no body or one in memory (RFC 9110 §9.2.2).
 *   <li>Connections to a target are counted together for all upstreams that allow it the same number of them. A tunnel is
 *       no longer counted.
 *   <li>Time limits are watched by one thread, see {@link ConnectionWatch}.
 * </ol>
 */
public final class Http1Client implements UpstreamClient {

    private final Map<Key, ConnectionPool> pools = new ConcurrentHashMap<>();
    private final Room room = new Room();
    private final ConnectionWatch watch = new ConnectionWatch(this::forgetEmptyPools);
    private final TlsContexts tls;

    private record Key(URI target, Link link) {}

    /** A client that trusts what the JDK trusts. */
    public Http1Client() {
        this(null);
    }

    /**
     * A client.
     *
     * @param tls whom to trust for https; null for what the JDK trusts
     */
    Http1Client(@Nullable SSLContext tls) {
        this.tls = new TlsContexts(tls);
    }

    @Override
    public Response send(Outgoing request) throws IOException {
        if (WebSocketHandshake.isMissingIn(request)) {
            Outgoing handshake = WebSocketHandshake.of(request);
            return WebSocketHandshake.checked(handshake, sendAsItIs(handshake));
        }
        return sendAsItIs(request);
    }

    private Response sendAsItIs(Outgoing request) throws IOException {
        ConnectionPool pool = pool(new Key(request.target(), request.link()));
        Response response = new Call(pool, room, request).send(true);
        return response != null ? response : new Call(pool, room, request).sendFinally();
    }

    /** Why the certificates that there are now are not in use; null where they are. */
    @Nullable
    String problem(Tls settings) {
        return tls.problem(settings);
    }

    private ConnectionPool pool(Key key) {
        ConnectionPool known = pools.get(key);
        return known != null
                ? known
                : pools.computeIfAbsent(
                        key, fresh -> new ConnectionPool(Target.of(fresh.target()), fresh.link(), tls, watch));
    }

    /** Targets come and go. Who has just taken one of the pools goes on with it; the next request has a new one. */
    void forgetEmptyPools() {
        pools.values().removeIf(ConnectionPool::isEmptyAgain);
    }

    /** How many targets it remembers. */
    int poolCount() {
        return pools.size();
    }

    /** The connections to each target that has any, or for which requests wait. */
    Map<URI, PoolState> pools() {
        Map<URI, PoolState> states = new HashMap<>();
        pools.forEach((key, pool) -> {
            PoolState state = pool.state();
            if (state.used() + state.idle() + state.waiting() > 0) {
                states.merge(key.target(), state, PoolState::plus);
            }
        });
        return states;
    }

    /** How many connections have a request under way, tunnels apart. */
    int inUse() {
        return watch.inUse();
    }

    @Override
    public void close() {
        watch.close();
    }
}
