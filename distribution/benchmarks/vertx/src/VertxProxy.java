import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/** Vert.x's HTTP proxy with its defaults, on one event loop. */
final class VertxProxy {

    private VertxProxy() {}

    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpProxy proxy = HttpProxy.reverseProxy(
                vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(64)));
        proxy.origin(Integer.parseInt(arguments[1]), "127.0.0.1");
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
                .requestHandler(proxy)
                .listen(Integer.parseInt(arguments[0]))
                .await();
        System.out.println("ready");
    }
}
