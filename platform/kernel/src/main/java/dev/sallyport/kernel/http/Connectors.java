package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.ListenerConfig.Protocol;
import dev.sallyport.kernel.config.ListenerConfig.ProxyProtocol;
import dev.sallyport.kernel.config.ListenerConfig.TrustedProxies;
import dev.sallyport.kernel.config.ListenerLimits;
import dev.sallyport.kernel.http.LimitHits.Limit;
import dev.sallyport.kernel.tls.ServerTls;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RateControl;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/** Makes Jetty's connectors of what listeners say: what is spoken on them, layer by layer, and within which limits. */
final class Connectors {

    private static final int MOST_SETTINGS = 64;

    private final Server server;
    private final Conversations conversations;
    private final LimitHits hits;
    private final Descriptors descriptors;

    Connectors(Server server, Conversations conversations, LimitHits hits, Descriptors descriptors) {
        this.server = server;
        this.conversations = conversations;
        this.hits = hits;
        this.descriptors = descriptors;
    }

    /**
     * A connector for that listener; it is not started, nor added to the server.
     *
     * @param tls what clients are shown; null for clear text
     */
    AbstractConnector connector(ListenerConfig listener, @Nullable ServerTls tls) {
        ConnectionFactory[] factories = factories(listener, tls);
        Admission admission = new Admission(listener, hits, descriptors);
        Path socket = listener.address().socket();
        AbstractConnector connector = socket == null
                ? new ListenerConnector(server, listener, admission, conversations, factories)
                : new UnixConnector(
                        server,
                        listener.name(),
                        socket,
                        mode(listener.socketMode()),
                        admission,
                        conversations,
                        factories);
        limit(connector, listener);
        return connector;
    }

    /** Those limits hold from now on; connections that are there keep what was settled when they were made. */
    void limit(AbstractConnector connector, ListenerConfig listener) {
        admission(connector).limit(listener);
        ListenerLimits limits = listener.limits();
        connector.setIdleTimeout(listener.idle().toMillis());
        for (ConnectionFactory factory : connector.getConnectionFactories()) {
            if (factory instanceof HttpConfiguration.ConnectionFactory http) {
                http.getHttpConfiguration()
                        .setRequestHeaderSize(
                                Math.toIntExact(Math.min(limits.headers().bytes(), Integer.MAX_VALUE)));
            }
            if (factory instanceof AbstractHTTP2ServerConnectionFactory http2) {
                limit(http2, limits.http2(), listener.name());
            }
        }
    }

    private void limit(AbstractHTTP2ServerConnectionFactory factory, ListenerLimits.Http2 limits, String name) {
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

    /** How many connections there are. */
    static int connections(AbstractConnector connector) {
        return admission(connector).connections();
    }

    private static Admission admission(AbstractConnector connector) {
        return connector instanceof ListenerConnector tcp ? tcp.admission() : ((UnixConnector) connector).admission();
    }

    /** {@code 660} as the permissions that it stands for. */
    private static Set<PosixFilePermission> mode(String octal) {
        PosixFilePermission[] all = PosixFilePermission.values(); // owner's read first, others' execute last
        int bits = Integer.parseInt(octal, 8);
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((bits & (0400 >> i)) != 0) {
                mode.add(all[i]);
            }
        }
        return mode;
    }

    /** What is spoken, the outermost first. */
    private ConnectionFactory[] factories(ListenerConfig listener, @Nullable ServerTls tls) {
        HttpConfiguration config = configuration();
        List<Protocol> protocols = listener.protocols();
        List<ConnectionFactory> inner = new ArrayList<>();
        if (tls != null && protocols.contains(Protocol.H2)) {
            inner.add(new H2Factory(config, conversations)); // first: preferred where a client takes both
        }
        if (protocols.contains(Protocol.HTTP1) || protocols.contains(Protocol.H2C)) {
            inner.add(new WatchedHttpConnectionFactory(
                    config, conversations)); // also where clear HTTP/2 begins, by its preface
        }
        if (tls == null && protocols.contains(Protocol.H2C)) {
            inner.add(new H2cFactory(config, conversations));
        }
        List<ConnectionFactory> all = new ArrayList<>();
        if (tls != null) {
            if (listener.tls() != null && listener.tls().acme() != null) {
                inner.addFirst(new AcmeConnectionFactory());
            }
            String[] names = inner.stream() // in lower case, as clients write them (RFC 7301 §6)
                    .map(factory -> factory.getProtocol().toLowerCase(Locale.ROOT))
                    .toArray(String[]::new);
            ALPNServerConnectionFactory negotiated = new ALPNServerConnectionFactory(names);
            negotiated.setDefaultProtocol(names[names.length - 1]); // for clients that do not negotiate
            all.add(new TlsConnectionFactory(tls, negotiated.getProtocol()));
            all.add(negotiated);
        }
        all.addAll(inner);
        if (listener.proxyProtocol() == ProxyProtocol.REQUIRED) {
            TrustedProxies proxies = listener.trustedProxies();
            AddressSet trusted =
                    proxies == null || listener.address().socket() != null ? null : new AddressSet(proxies.cidrs());
            all.addFirst(new ProxyConnectionFactory(
                    listener.name(), trusted, conversations, all.getFirst().getProtocol()));
        }
        return all.toArray(ConnectionFactory[]::new);
    }

    /** Jetty's defaults are a web server's: here heads pass as they came, and our own parser judges paths. */
    static HttpConfiguration configuration() {
        HttpConfiguration config = new HttpConfiguration();
        config.setSendServerVersion(false);
        config.setSendXPoweredBy(false);
        config.setSendDateHeader(false); // that of an upstream is passed on, and the writer adds a missing one
        config.setHeaderCacheCaseSensitive(true);
        config.setHeaderCacheSize(0); // 100 KB for each connection, from its second request on
        // A bare LF is no end of a line. Names stay as they are written; a host in the target overrides Host.
        config.setHttpCompliance(HttpCompliance.STRICT.with(
                "GATEWAY",
                HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME,
                HttpCompliance.Violation.MISMATCHED_AUTHORITY));
        config.setUriCompliance(UriCompliance.UNSAFE);
        config.setRelativeRedirectAllowed(true);
        config.setIdleTimeout(-1);
        return config;
    }
}
