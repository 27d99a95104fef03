package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Response;
import dev.sallyport.kernel.config.UpstreamConfig.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's HTTP client without its browser's manners, over HTTP/2, and over HTTP/1.1 so that the two ways can be measured
 * and tested side by side: the gateway itself speaks HTTP/1.1 by {@link Http1Client}.
 *
 * <p>A request is written on the thread that sends it; that thread then parks once, until Jetty's selector, which parses
 * the head on its own (virtual) thread, wakes it; the body is read on the thread that reads it. Only a body that streams
 * to the target takes one more virtual thread.
 *
 * <ol>
 *   <li>It keeps no cookies, follows no redirects, answers no challenges, decodes nothing, and adds no header field but
 *       those of the connection and {@code Content-Length}.
 *   <li>Names and values of fields stay as they were sent, in both directions.
 *   <li>A kept connection that the target closes just as a request goes out costs one silent repetition, where the method
 *       is idempotent and the request has no body or a replayable one (RFC 9110 §9.2.2).
 *   <li>Connections to a target are counted together for all upstreams that allow it the same number of them. A tunnel is
 *       no longer counted.
 * </ol>
 */
public final class JettyUpstreamClient implements UpstreamClient {

    private static final int LARGEST_HEAD = 64 * 1024;

    private final HttpClient http;
    private final ClientConnector connector;
    private final TlsContexts contexts;
    private volatile long longestConnectMillis;

    /**
     * A client of HTTP/2 that trusts what the JDK trusts.
     *
     * @param executor runs Jetty's selector and what it cannot run itself: a {@code VirtualThreadPool(0)}, shared with a
     *     server or not; it is started and stopped with this client unless it was running before
     */
    public JettyUpstreamClient(Executor executor) {
        this(executor, Protocol.H2, null);
    }

    /**
     * A client.
     *
     * @param protocol what it speaks
     * @param tls whom to trust for https; null for what the JDK trusts
     */
    JettyUpstreamClient(Executor executor, Protocol protocol, @Nullable SSLContext tls) {
        contexts = new TlsContexts(tls);
        connector = new UpstreamConnector();
        connector.setSelectors(Math.clamp(Runtime.getRuntime().availableProcessors() / 4, 1, 4));
        SslContextFactory.Client trust = new SslContextFactory.Client();
        if (tls != null) {
            trust.setSslContext(tls);
        }
        connector.setSslContextFactory(trust);
        http = new HttpClient(protocol == Protocol.H2 ? new Http2Transport(connector, contexts) : http1(connector));
        http.setExecutor(executor);
        http.setScheduler(new ScheduledExecutorScheduler("upstream-timeouts", true));
        // Jetty's own default keeps four buffers of a size here, so that most requests would allocate theirs.
        http.setByteBufferPool(new ArrayByteBufferPool(0, 2048, LARGEST_HEAD, 4096, 0, 0));
        http.setUserAgentField(null);
        http.setDefaultRequestContentType(null);
        http.setFollowRedirects(false);
        http.setHttpCookieStore(new HttpCookieStore.Empty());
        http.setHttpCompliance(
                HttpCompliance.RFC9110.with("upstream", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
        http.setResponseBufferSize(32 * 1024); // so that a response of 16 KiB and its head come in one read
        http.setMaxRequestHeadersSize(LARGEST_HEAD);
        http.setMaxResponseHeadersSize(LARGEST_HEAD);
        http.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE); // each link has its own bound
        http.setDestinationIdleTimeout(Duration.ofMinutes(5).toMillis());
        start();
    }

    private static HttpClientTransportOverHTTP http1(ClientConnector connector) {
        HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
        transport.setHeaderCacheCaseSensitive(true); // else Content-Type's value comes in Jetty's own case
        transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING); // the callbacks only wake threads
        transport.setConnectionPoolFactory(destination -> new DuplexConnectionPool(
                destination, ((Link) destination.getOrigin().getTag()).maxConnections()));
        return transport;
    }

    private void start() {
        try {
            http.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("upstream client: did not start", e);
        }
        // These are filled in by the start.
        http.getContentDecoderFactories().clear();
        http.getProtocolHandlers().clear();
        http.getProtocolHandlers().put(new InterimResponses());
        http.getProtocolHandlers().put(new Upgrades());
    }

    @Override
    public Response send(Outgoing request) throws IOException {
        allowConnecting(request.timeouts().connect());
        Response response = new JettyCall(this, http, request).send(true);
        return response != null ? response : new JettyCall(this, http, request).sendFinally();
    }

    /** The connections to each target, for those who watch. */
    public List<Connections> connections() {
        List<Connections> all = new ArrayList<>();
        for (Destination destination : http.getDestinations()) {
            if (destination.getConnectionPool() instanceof AbstractConnectionPool pool) {
                all.add(new Connections(
                        URI.create(destination.getOrigin().asString()),
                        pool.getActiveConnectionCount(),
                        pool.getIdleConnectionCount(),
                        pool.getPendingConnectionCount(),
                        ((HttpDestination) destination).getQueuedRequestCount()));
            }
        }
        return all;
    }

    @Override
    public void close() {
        LifeCycle.stop(http);
    }

    /**
     * How many requests wait for a connection to the request's target, once it has as many as it may. By what Jetty says
     * at this moment, so not to the last one.
     */
    int pending(org.eclipse.jetty.client.Request request, int maxConnections) {
        return isExhausted(request, maxConnections)
                ? ((HttpDestination) http.resolveDestination(request)).getQueuedRequestCount()
                : -1;
    }

    /** Whether all connections that the request's target may have are in use. */
    boolean isExhausted(org.eclipse.jetty.client.Request request, int maxConnections) {
        return http.resolveDestination(request).getConnectionPool() instanceof AbstractConnectionPool pool
                && pool.getActiveConnectionCount() >= maxConnections;
    }

    /**
     * Jetty has one connect timeout for all; each request watches its own, so this one only ends the attempts that
     * nobody waits for any more.
     */
    private void allowConnecting(Duration time) {
        long millis = time.toMillis();
        if (millis > longestConnectMillis) {
            synchronized (this) {
                if (millis > longestConnectMillis) {
                    http.setConnectTimeout(millis);
                    connector.setConnectTimeout(time);
                    longestConnectMillis = millis;
                }
            }
        }
    }

    /**
     * Connections to a target.
     *
     * @param active with a request under way
     * @param idle kept
     * @param connecting being made
     * @param waiting requests that wait for one
     */
    public record Connections(URI target, int active, int idle, int connecting, int waiting) {}
}
