package dev.sallyport.kernel.http;

import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;

/** Makes connections over HTTP/2 without TLS that are waited for no longer than is allowed. */
final class H2cFactory extends HTTP2CServerConnectionFactory {

    private final Conversations conversations;

    H2cFactory(HttpConfiguration config, Conversations conversations) {
        super(config);
        this.conversations = conversations;
    }

    @Override
    protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
        return new H2Factory.Listener(this, endPoint, conversations.of(endPoint, connector.getName()));
    }
}
