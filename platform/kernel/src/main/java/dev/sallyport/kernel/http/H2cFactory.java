package dev.sallyport.kernel.http;

import java.util.Map;
import org.eclipse.jetty.http2.api.Session;
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
        Conversation conversation = conversations.of(endPoint, connector.getName());
        conversation.speaks(endPoint);
        return new HTTPServerSessionListener(endPoint) {
            @Override
            public Map<Integer, Integer> onPreface(Session session) {
                // Until all of it has come, the client is waited for as for the head of a request.
                conversation.speaksHttp2(endPoint);
                return super.onPreface(session);
            }
        };
    }
}
