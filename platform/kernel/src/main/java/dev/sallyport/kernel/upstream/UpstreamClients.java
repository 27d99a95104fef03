package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Response;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.config.UpstreamConfig.Protocol;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/** Hands each request to the client that speaks its target's protocol. The one for HTTP/2 is made when it is first needed. */
public final class UpstreamClients implements UpstreamClient {

    private final Http1Client http1 = new Http1Client();
    private volatile @Nullable JettyUpstreamClient http2;
    private boolean closed;

    @Override
    public Response send(Outgoing request) throws IOException {
        return request.link().protocol() == Protocol.HTTP1 ? http1.send(request) : http2().send(request);
    }

    /** What is not as it should be with the certificates of those upstreams' targets, in a sentence each. */
    public List<String> degraded(Map<String, UpstreamConfig> upstreams) {
        List<String> all = new ArrayList<>();
        upstreams.forEach((name, upstream) -> {
            String problem = http1.problem(upstream.tls());
            if (problem != null) {
                all.add("upstream " + name + ": " + problem);
            }
            if (!upstream.tls().verify()) {
                all.add("upstream " + name + ": certificates of its targets are not verified (tls.verify: false)");
            }
        });
        return all;
    }

    /** The connections of HTTP/1.1 to each target that has any. */
    public Map<URI, PoolState> pools() {
        return http1.pools();
    }

    private JettyUpstreamClient http2() throws IOException {
        JettyUpstreamClient known = http2;
        return known != null ? known : newHttp2();
    }

    private synchronized JettyUpstreamClient newHttp2() throws IOException {
        if (closed) {
            throw new IOException("the gateway stops");
        }
        JettyUpstreamClient made = http2;
        if (made == null) {
            made = new JettyUpstreamClient(new VirtualThreadPool(0));
            http2 = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        http1.close();
        JettyUpstreamClient made = http2;
        if (made != null) {
            made.close();
        }
    }
}
