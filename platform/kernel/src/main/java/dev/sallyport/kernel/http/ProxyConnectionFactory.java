package dev.sallyport.kernel.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections that begin with a header of the PROXY protocol, from proxies that are trusted. Others are closed: who
 * could say that it is a proxy could say that it is anybody.
 */
final class ProxyConnectionFactory extends AbstractConnectionFactory {

    private static final System.Logger LOG = System.getLogger("listener");

    private static final long LOG_EVERY = Duration.ofSeconds(1).toNanos();

    private final String listener;
    private final @Nullable AddressSet trusted;
    private final Conversations conversations;
    private final String next;
    private final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - LOG_EVERY);
    private final AtomicLong unlogged = new AtomicLong();

    /** @param trusted the proxies; null where all that can connect are, over a Unix socket */
    ProxyConnectionFactory(String listener, @Nullable AddressSet trusted, Conversations conversations, String next) {
        super("PROXY");
        this.listener = listener;
        this.trusted = trusted;
        this.conversations = conversations;
        this.next = next;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        boolean mayTell = trusted == null
                || (endPoint.getRemoteSocketAddress() instanceof InetSocketAddress peer
                        && trusted.contains(peer.getAddress()));
        return configure(new ProxyConnection(endPoint, connector, mayTell, this), connector, endPoint);
    }

    Connection inner(Connector connector, EndPoint endPoint) {
        return connector.getConnectionFactory(next).newConnection(connector, endPoint);
    }

    /** Whether that client may have a connection more. */
    boolean admits(EndPoint endPoint, InetAddress client) {
        return conversations.of(endPoint, listener).is(client);
    }

    /** Says why a connection was closed; at most once a second, since anybody can cause it. */
    void refused(EndPoint endPoint, String why) {
        long now = System.nanoTime();
        long last = loggedAt.get();
        if (now - last < LOG_EVERY || !loggedAt.compareAndSet(last, now)) {
            unlogged.incrementAndGet();
            return;
        }
        long more = unlogged.getAndSet(0);
        LOG.log(
                System.Logger.Level.WARNING,
                "listener {0}: closed the connection of {1}: {2}{3}",
                listener,
                endPoint.getRemoteSocketAddress(),
                why,
                more == 0 ? "" : " (and " + more + " more since the last such line)");
    }
}
