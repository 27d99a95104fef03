import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty's own reverse proxy with its defaults: what the product is compared with. */
final class JettyProxy {

    private JettyProxy() {}

    public static void main(String[] arguments) throws Exception {
        int backend = Integer.parseInt(arguments[1]);
        serve(
                new Server(),
                arguments[0],
                new ProxyHandler.Reverse(request -> HttpURI.build(request.getHttpURI())
                        .scheme("http")
                        .authority("127.0.0.1", backend)
                        .asImmutable()));
    }

    /** Starts the server there, over HTTP/1.1 and HTTP/2 in clear text, and says so. */
    static void serve(Server server, String port, Handler handler) throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        ServerConnector connector =
                new ServerConnector(server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(port));
        server.addConnector(connector);
        server.setHandler(handler);
        server.start();
        System.out.println("ready");
    }
}
