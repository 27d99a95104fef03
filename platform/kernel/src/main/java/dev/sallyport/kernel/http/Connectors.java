package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.ListenerConfig.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Makes Jetty's connectors of what listeners say: what is spoken on them, layer by layer, and within which limits. */
final class Connectors {

    private final Server server;

    Connectors(Server server) {
        this.server = server;
    }

    /** A connector for that listener; it is not started, nor added to the server. */
    ServerConnector connector(ListenerConfig listener) {
        HttpConfiguration config = configuration();
        List<ConnectionFactory> factories = new ArrayList<>();
        factories.add(new WatchedHttpConnectionFactory(config)); // also where HTTP/2 begins, by its preface
        if (listener.protocols().contains(Protocol.H2C)) {
            factories.add(new HTTP2CServerConnectionFactory(config));
        }
        ServerConnector connector = new ServerConnector(server, factories.toArray(ConnectionFactory[]::new));
        connector.setName(listener.name());
        connector.setHost(listener.address().host());
        connector.setPort(listener.address().port());
        connector.setIdleTimeout(listener.idle().toMillis());
        connector.setAcceptQueueSize(1024);
        return connector;
    }

    /** Jetty's defaults are a web server's: here heads pass as they came, and our own parser judges paths. */
    static HttpConfiguration configuration() {
        HttpConfiguration config = new HttpConfiguration();
        config.setSendServerVersion(false);
        config.setSendXPoweredBy(false);
        config.setSendDateHeader(false); // that of an upstream is passed on, and the writer adds a missing one
        config.setHeaderCacheCaseSensitive(true);
        config.setHttpCompliance(
                HttpCompliance.RFC9110.with("GATEWAY", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
        config.setUriCompliance(UriCompliance.UNSAFE);
        config.setRelativeRedirectAllowed(true);
        config.setIdleTimeout(-1);
        return config;
    }
}
