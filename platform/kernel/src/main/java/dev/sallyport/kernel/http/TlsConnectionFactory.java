package dev.sallyport.kernel.http;

import dev.sallyport.kernel.tls.ServerTls;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;

/** Speaks TLS on new connections, and hands what is in it to the next protocol. */
final class TlsConnectionFactory extends AbstractConnectionFactory {

    /** By which a factory before this one names it. */
    static final String NAME = "SSL";

    private final ServerTls tls;
    private final String next;

    TlsConnectionFactory(ServerTls tls, String next) {
        super(NAME);
        this.tls = tls;
        this.next = next;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        SSLEngine engine = tls.engine();
        SslConnection secured = new SslConnection(
                connector.getByteBufferPool(), connector.getExecutor(), null, endPoint, engine, false, false);
        secured.setRenegotiationAllowed(false);
        SslConnection.SslEndPoint inner = secured.getSslEndPoint();
        inner.setConnection(connector.getConnectionFactory(next).newConnection(connector, inner));
        return configure(secured, connector, endPoint);
    }
}
