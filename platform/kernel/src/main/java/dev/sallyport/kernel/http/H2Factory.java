package dev.sallyport.kernel.http;

import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;

/** Makes connections over HTTP/2 within TLS that are waited for no longer than is allowed. */
final class H2Factory extends HTTP2ServerConnectionFactory {

    private final Conversations conversations;

    H2Factory(HttpConfiguration config, Conversations conversations) {
        super(config);
        this.conversations = conversations;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        conversations.of(endPoint, connector.getName()).speaksHttp2(endPoint);
        return super.newConnection(connector, endPoint);
    }
}
