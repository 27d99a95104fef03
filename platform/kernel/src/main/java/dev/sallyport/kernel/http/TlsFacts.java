package dev.sallyport.kernel.http;

import dev.sallyport.api.Exchange;
import dev.sallyport.kernel.tls.ServerTls;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.jspecify.annotations.Nullable;

/** What TLS agreed on, found once for each connection. */
final class TlsFacts {

    private static final String ATTRIBUTE = TlsFacts.class.getName();

    private final SSLSession session;
    private final Exchange.Tls told;

    private TlsFacts(EndPoint.SslSessionData data) {
        session = data.sslSession();
        told = new Exchange.Tls(
                session.getProtocol(),
                session.getCipherSuite(),
                ServerTls.serverName(session),
                data.peerCertificates() == null ? List.of() : List.of(data.peerCertificates()));
    }

    /** Those of that connection; null where it is clear text. */
    static @Nullable TlsFacts of(ConnectionMetaData connection) {
        if (connection.getAttribute(ATTRIBUTE) instanceof TlsFacts known) {
            return known;
        }
        EndPoint.SslSessionData data = connection.getConnection().getEndPoint().getSslSessionData();
        if (data == null) {
            return null;
        }
        TlsFacts facts = new TlsFacts(data);
        connection.setAttribute(ATTRIBUTE, facts);
        return facts;
    }

    /** As steps see them. */
    Exchange.Tls told() {
        return told;
    }

    /** Whether requests for that host may come by this connection. */
    boolean mayServe(String host) {
        return ServerTls.mayServe(host, session);
    }
}
