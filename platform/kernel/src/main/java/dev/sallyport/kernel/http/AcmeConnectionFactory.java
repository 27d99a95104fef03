package dev.sallyport.kernel.http;

import dev.sallyport.kernel.tls.Challenges;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;

/** Ends connections by which an authority has looked at the certificate that it had asked for: that was all (RFC 8737). */
final class AcmeConnectionFactory extends AbstractConnectionFactory {

    AcmeConnectionFactory() {
        super(Challenges.TLS_PROTOCOL);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(
                new AbstractConnection(endPoint, connector.getExecutor()) {
                    @Override
                    public void onOpen() {
                        super.onOpen();
                        getEndPoint().close();
                    }

                    @Override
                    public void onFillable() {
                        getEndPoint().close();
                    }
                },
                connector,
                endPoint);
    }
}
