package dev.sallyport.kernel.http;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/** Makes HTTP/1.1 connections that notice when the client leaves. */
final class WatchedHttpConnectionFactory extends HttpConnectionFactory {

    WatchedHttpConnectionFactory(HttpConfiguration config) {
        super(config);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return super.newConnection(connector, new WatchedEndPoint(endPoint, connector.getExecutor()));
    }
}
