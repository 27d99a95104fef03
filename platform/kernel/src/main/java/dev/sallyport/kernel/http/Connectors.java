package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.ListenerConfig.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;

/** Makes Jetty's connectors of what listeners say: what is spoken on them, layer by layer, and within which limits. */
final class Connectors {

    private final Server server;
    private final Conversations conversations;
    private final LimitHits hits;

    Connectors(Server server, Conversations conversations, LimitHits hits) {
        this.server = server;
        this.conversations = conversations;
        this.hits = hits;
    }

    /** A connector for that listener; it is not started, nor added to the server. */
    ListenerConnector connector(ListenerConfig listener) {
        HttpConfiguration config = configuration();
        List<ConnectionFactory> factories = new ArrayList<>();
        factories.add(
                new WatchedHttpConnectionFactory(config, conversations)); // HTTP/2 begins here too, by its preface
        if (listener.protocols().contains(Protocol.H2C)) {
            factories.add(new H2cFactory(config, conversations));
        }
        return new ListenerConnector(
                server, listener, conversations, hits, factories.toArray(ConnectionFactory[]::new));
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
