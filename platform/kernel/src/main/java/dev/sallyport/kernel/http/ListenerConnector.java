package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.ListenerLimits;
import dev.sallyport.kernel.http.LimitHits.Limit;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A connector that takes so many connections, in all and of one address, and no more than there are file descriptors for;
 * it closes what is more at once: before anything is read, written or kept for it.
 */
final class ListenerConnector extends ServerConnector {

    private static final int QUEUE = 1024;
    private static final int MOST_SETTINGS = 64;

    private final Conversations conversations;
    private final LimitHits hits;
    private final Descriptors descriptors;
    private final AcceptFailures failures;
    private final AtomicInteger open = new AtomicInteger();

    /** Those that count by their address. */
    private final Map<Block, Integer> byAddress = new ConcurrentHashMap<>();

    private volatile Rules rules;

    private record Rules(ListenerLimits limits, AddressSet proxies) {}

    /** Whom a client can be at once: an IPv4 address, or a network of IPv6, of which one client has all addresses. */
    private record Block(boolean six, long bits) {

        static Block of(InetAddress address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            return bytes.remaining() == 4 ? new Block(false, bytes.getInt()) : new Block(true, bytes.getLong());
        }
    }

    ListenerConnector(
            Server server,
            ListenerConfig listener,
            Conversations conversations,
            LimitHits hits,
            Descriptors descriptors,
            ConnectionFactory... factories) {
        super(server, factories);
        this.conversations = conversations;
        this.hits = hits;
        this.descriptors = descriptors;
        failures = new AcceptFailures("listener " + listener.name());
        setName(listener.name());
        setHost(listener.address().host());
        setPort(listener.address().port());
        setAcceptQueueSize(QUEUE);
        rules = rules(listener);
        limit(listener);
    }

    private static Rules rules(ListenerConfig listener) {
        ListenerConfig.TrustedProxies proxies = listener.trustedProxies();
        return new Rules(listener.limits(), new AddressSet(proxies == null ? List.of() : proxies.cidrs()));
    }

    /** Those limits hold from now on; connections that are there keep what was settled when they were made. */
    final void limit(ListenerConfig listener) {
        rules = rules(listener);
        limit(this, listener, conversations, hits);
    }

    /** The limits of what is spoken on a connector. */
    static void limit(
            AbstractConnector connector, ListenerConfig listener, Conversations conversations, LimitHits hits) {
        ListenerLimits limits = listener.limits();
        connector.setIdleTimeout(listener.idle().toMillis());
        for (ConnectionFactory factory : connector.getConnectionFactories()) {
            if (factory instanceof HttpConfiguration.ConnectionFactory http) {
                http.getHttpConfiguration()
                        .setRequestHeaderSize(
                                Math.toIntExact(Math.min(limits.headers().bytes(), Integer.MAX_VALUE)));
            }
            if (factory instanceof AbstractHTTP2ServerConnectionFactory http2) {
                limit(http2, limits.http2(), listener.name(), conversations, hits);
            }
        }
    }

    private static void limit(
            AbstractHTTP2ServerConnectionFactory factory,
            ListenerLimits.Http2 limits,
            String name,
            Conversations conversations,
            LimitHits hits) {
        factory.setMaxConcurrentStreams(limits.streams());
        factory.setInitialStreamRecvWindow(Math.toIntExact(limits.streamWindow().bytes()));
        factory.setInitialSessionRecvWindow(
                Math.toIntExact(limits.connectionWindow().bytes()));
        factory.setMaxSettingsKeys(MOST_SETTINGS);
        factory.setRateControlFactory(new RateControl.Factory() {
            @Override
            public RateControl newRateControl(EndPoint endPoint) {
                return new ControlFrames(
                        limits.controlFrames(),
                        endPoint,
                        () -> hits.hit(
                                name,
                                Limit.CONTROL_FRAMES,
                                conversations.of(endPoint, name).peer()));
            }
        });
    }

    /** The connections that there are. */
    int connections() {
        return open.get();
    }

    @Override
    public void accept(int acceptorId) throws IOException {
        if (!(getTransport() instanceof ServerSocketChannel server) || !server.isOpen()) {
            return;
        }
        SocketChannel channel = server.accept();
        if (channel == null) {
            return;
        }
        InetAddress peer = channel.socket().getInetAddress();
        if (!admit(peer)) {
            channel.close();
            return;
        }
        try {
            channel.configureBlocking(false);
            configure(channel.socket());
            getSelectorManager().accept(channel);
        } catch (IOException | RuntimeException gone) { // a reset, or the connector is being closed
            channel.close();
            leave(peer);
        }
    }

    private boolean admit(InetAddress peer) {
        Rules now = rules;
        if (open.incrementAndGet() > now.limits().connections() || !descriptors.take()) {
            open.decrementAndGet();
            hits.hit(getName(), Limit.CONNECTIONS, peer.getHostAddress());
            return false;
        }
        Integer most = now.limits().connectionsPerAddress();
        int has = byAddress.merge(Block.of(peer), 1, Integer::sum);
        if (most != null && has > most && !now.proxies().contains(peer)) {
            leave(peer);
            hits.hit(getName(), Limit.CONNECTIONS_PER_ADDRESS, peer.getHostAddress());
            return false;
        }
        return true;
    }

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return AcceptFailures.isOfSystem(this, failure) ? failures.pause(failure) : super.handleAcceptFailure(failure);
    }

    private void leave(InetAddress peer) {
        open.decrementAndGet();
        descriptors.give();
        byAddress.compute(Block.of(peer), (block, count) -> count == null || count == 1 ? null : count - 1);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key)
            throws IOException {
        SocketChannelEndPoint endPoint = super.newEndPoint(channel, selector, key);
        InetAddress peer = channel.socket().getInetAddress();
        conversations.begin(endPoint, getName(), peer.getHostAddress(), () -> leave(peer));
        return endPoint;
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        super.onEndPointClosed(endPoint);
        conversations.forget(endPoint);
    }
}
