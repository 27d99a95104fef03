package dev.sallyport.kernel.http;

import dev.sallyport.kernel.wire.Spares;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/** Makes HTTP/1.1 connections that notice when the client leaves. */
final class WatchedHttpConnectionFactory extends HttpConnectionFactory {

    private final Conversations conversations;
    private final Spares<byte[]> stashes = new Spares<>(() -> new byte[WatchedEndPoint.STASH]);

    WatchedHttpConnectionFactory(HttpConfiguration config, Conversations conversations) {
        super(config);
        this.conversations = conversations;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        Conversation conversation = conversations.of(endPoint, connector.getName());
        WatchedEndPoint watched = new WatchedEndPoint(endPoint, connector.getExecutor(), conversation, stashes);
        conversation.speaks(watched);
        return super.newConnection(connector, watched);
    }
}
