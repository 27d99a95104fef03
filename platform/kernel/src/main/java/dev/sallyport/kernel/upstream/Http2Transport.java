package dev.sallyport.kernel.upstream;

import dev.sallyport.kernel.config.UpstreamConfig.Tls;
import dev.sallyport.kernel.upstream.UpstreamClient.Link;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjLongConsumer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.MultiplexConnectionPool;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.client.transport.internal.HttpConnectionOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 to targets (RFC 9113): by ALPN with https, with prior knowledge in clear text. A connection carries up to
 * {@value #STREAMS} requests, fewer where the target says so; then another one is made.
 */
final class Http2Transport extends HttpClientTransportOverHTTP2 {

    private static final int STREAMS = 128;

    /** What a target may send of one response before somebody reads it: so much memory a slow reader costs. */
    private static final int STREAM_WINDOW = 256 * 1024;

    private final TlsContexts contexts;

    Http2Transport(ClientConnector connector, TlsContexts contexts) {
        super(client(connector));
        this.contexts = contexts;
        setConnectionPoolFactory(destination -> new MultiplexConnectionPool(
                destination, ((Link) destination.getOrigin().getTag()).maxConnections(), STREAMS));
    }

    private static HTTP2Client client(ClientConnector connector) {
        HTTP2Client client = new HTTP2Client(connector);
        client.setInitialStreamRecvWindow(STREAM_WINDOW);
        // As much as all streams together, so that those that nobody reads never stop the others.
        client.setInitialSessionRecvWindow(STREAMS * STREAM_WINDOW);
        client.setMaxConcurrentPushedStreams(0);
        client.setStreamIdleTimeout(0); // each wait has its own limit
        return client;
    }

    /** By the target, whatever {@code :authority} says. */
    @Override
    public Origin newOrigin(Request request) {
        Link link = (Link) request.getTag();
        Target target = Target.of(((WireRequest) request).call().outgoing().target());
        Origin.Protocol protocol = super.newOrigin(request).getProtocol();
        Origin.Address address = new Origin.Address(target.host(), target.port());
        Transport transport = target.socket() == null ? Transport.TCP_IP : new Transport.TCPUnix(target.socket());
        return new Origin(request.getScheme(), address, link, protocol, transport);
    }

    /** With the certificates that hold for the target now. */
    @Override
    protected void connect(
            Transport transport,
            SslContextFactory.@Nullable Client usual,
            SocketAddress address,
            Session.Listener listener,
            Promise<Session> promise,
            Map<String, Object> context) {
        SslContextFactory.Client tls = null;
        try {
            Destination destination = (Destination) Objects.requireNonNull(context.get(Destination.CONTEXT_KEY));
            tls = usual == null ? null : tls(((Link) destination.getOrigin().getTag()).tls(), destination);
        } catch (Exception e) {
            promise.failed(e);
            return;
        }
        context.put(UpstreamConnector.BEGUN, System.nanoTime());
        super.connect(transport, tls, address, listener, promise, context);
    }

    private SslContextFactory.Client tls(Tls settings, Destination destination) throws Exception {
        String asked = settings.serverName();
        String name = asked == null ? destination.getOrigin().getAddress().getHost() : asked;
        SslContextFactory.Client client = new SslContextFactory.Client(!settings.verify()) {
            @Override
            public SSLEngine newSSLEngine(String host, int port) {
                return super.newSSLEngine(name, port);
            }
        };
        client.setSslContext(contexts.of(settings));
        client.setIncludeProtocols(TlsWire.VERSIONS);
        if (!settings.verify()) {
            client.setEndpointIdentificationAlgorithm(null);
        }
        client.start();
        return client;
    }

    @Override
    protected Connection newConnection(Destination destination, Session session, HTTP2Connection connection) {
        return new Kept(destination, (HTTP2Session) session, connection);
    }

    /** A connection that knows whether it has served before. */
    static final class Kept extends HttpConnectionOverHTTP2 {

        private final HTTP2Session session;
        private final long made = System.nanoTime();
        private final AtomicBoolean used = new AtomicBoolean();

        Kept(Destination destination, HTTP2Session session, HTTP2Connection connection) {
            super(destination, session, connection);
            this.session = session;
        }

        @Override
        public int getMaxMultiplex() {
            return Math.min(STREAMS, super.getMaxMultiplex());
        }

        /** Where requests are under way, each of them has limits of its own. */
        @Override
        public boolean onIdleTimeout(long idle, Throwable failure) {
            return !getHttpChannels().hasNext() && super.onIdleTimeout(idle, failure);
        }

        /** Notes that it serves; whether it has before. */
        boolean use() {
            return used.getAndSet(true);
        }

        EndPoint endPoint() {
            return session.getEndPoint();
        }

        /** Tells how it was made. */
        void tell(ObjLongConsumer<Moment> told) {
            UpstreamConnector.Times times = UpstreamConnector.times(endPoint());
            told.accept(Moment.CONNECTED, times.connected() - times.begun());
            if (endPoint() instanceof SslConnection.SslEndPoint) {
                told.accept(Moment.SECURED, made - times.connected());
            }
        }
    }
}
