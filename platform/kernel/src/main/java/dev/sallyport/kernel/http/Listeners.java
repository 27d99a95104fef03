package dev.sallyport.kernel.http;

import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.GatewayConfig.Listener;
import dev.sallyport.kernel.config.GatewayConfig.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.Graceful;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The addresses on which clients are served. Listeners can be added, removed and rebound while the others go on. Not
 * thread-safe: one thread at a time changes it.
 */
public final class Listeners implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("listener");

    /** How long a kept connection may be idle between requests. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Server server;
    private final ExchangeHandler handler;
    private final Map<String, Bound> bound = new LinkedHashMap<>();

    /** How long connections of a listener that was removed may last. */
    private static final Duration MOST_TIME_TO_END = Duration.ofMinutes(5);

    private record Bound(Listener listener, ServerConnector connector) {}

    /**
     * @param serving what to serve; read anew for each exchange
     * @param maxInFlight how many exchanges there may be at once
     */
    public Listeners(AtomicReference<@Nullable Serving> serving, int maxInFlight) {
        VirtualThreadPool threads = new VirtualThreadPool(0); // its default admits 200 tasks and queues the rest unseen
        threads.setName("exchange");
        handler = new ExchangeHandler(serving, maxInFlight);
        server = new Server(threads);
        server.setHandler(handler);
        server.setErrorHandler(new ProblemErrorHandler());
        server.setStopTimeout(0);
        try {
            server.start(); // without connectors yet: nothing of it can fail by what a user has configured
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The exchanges that run now. */
    public Set<LiveExchange> exchanges() {
        return handler.exchanges();
    }

    /**
     * Opens what is new, closes what is gone, leaves the rest as it is. New addresses are bound first: where one cannot
     * be, nothing has changed.
     *
     * @throws IOException naming the listener whose address cannot be bound
     */
    public void apply(List<Listener> wanted) throws IOException {
        Map<String, Bound> opened = new LinkedHashMap<>();
        Map<String, Bound> next = new LinkedHashMap<>();
        try {
            for (Listener listener : wanted) {
                Bound now = bound.get(listener.name());
                if (now == null || !same(now.listener(), listener)) {
                    if (now != null && now.listener().address().equals(listener.address())) {
                        stopAccepting(now.connector()); // the address is wanted again
                    }
                    now = new Bound(listener, open(listener));
                    opened.put(listener.name(), now);
                }
                next.put(listener.name(), now);
            }
        } catch (IOException e) {
            opened.values().forEach(one -> close(one.connector()));
            throw e;
        }
        List<Bound> old = new ArrayList<>(bound.values());
        old.removeAll(next.values());
        bound.clear();
        bound.putAll(next);
        old.forEach(one -> retire(one.connector()));
    }

    /** Takes no more connections, and is closed once those that there are have ended, or the limit has passed. */
    private void retire(ServerConnector connector) {
        stopAccepting(connector);
        long limit = System.nanoTime() + MOST_TIME_TO_END.toNanos();
        Thread.ofVirtual().name("retired listener " + connector.getName()).start(() -> {
            try {
                while (!connector.getConnectedEndPoints().isEmpty() && System.nanoTime() - limit < 0) {
                    Thread.sleep(100);
                }
                close(connector);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Where clients connect, by listener name, with the ports that were really taken. */
    public Map<String, Address> addresses() {
        Map<String, Address> addresses = new LinkedHashMap<>();
        bound.forEach((name, one) -> addresses.put(
                name,
                new Address(one.listener().address().host(), one.connector().getLocalPort())));
        return addresses;
    }

    /**
     * Takes no more connections. Those that are there go on and learn that they should end: by GOAWAY over HTTP/2, by
     * {@code Connection: close} on the next answer over HTTP/1.1.
     */
    public void stopAccepting() {
        for (Bound one : bound.values()) {
            stopAccepting(one.connector());
        }
    }

    private static void stopAccepting(ServerConnector connector) {
        connector.setShutdownIdleTimeout(0); // else Jetty ends all streams over HTTP/2 that are silent for a second
        // What they say when all is over is not waited for here: that is seen by the exchanges.
        var _ = connector.shutdown();
        for (Graceful sessions : connector.getContainedBeans(Graceful.class)) {
            var _ = sessions.shutdown();
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "stopping the listeners: {0}", e.toString());
        }
    }

    private static boolean same(Listener one, Listener other) {
        return one.address().equals(other.address()) && one.protocols().equals(other.protocols());
    }

    private ServerConnector open(Listener listener) throws IOException {
        HttpConfiguration config = configuration();
        List<ConnectionFactory> factories = new ArrayList<>();
        factories.add(new WatchedHttpConnectionFactory(config)); // also where HTTP/2 begins, by its preface
        if (listener.protocols().contains(Protocol.H2C)) {
            factories.add(new HTTP2CServerConnectionFactory(config));
        }
        ServerConnector connector = new ServerConnector(server, factories.toArray(ConnectionFactory[]::new));
        connector.setName(listener.name());
        connector.setHost(listener.address().host());
        connector.setPort(listener.address().port());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        try {
            connector.start();
        } catch (Exception e) {
            server.removeConnector(connector);
            throw new IOException(
                    "listener " + listener.name() + ": cannot bind " + listener.address() + ": " + root(e).getMessage(),
                    e);
        }
        return connector;
    }

    private void close(ServerConnector connector) {
        server.removeConnector(connector);
        try {
            connector.stop();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "closing listener {0}: {1}", connector.getName(), e.toString());
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Jetty's defaults are a web server's: here heads pass as they came, and our own parser judges paths. */
    static HttpConfiguration configuration() {
        HttpConfiguration config = new HttpConfiguration();
        config.setSendServerVersion(false);
        config.setSendXPoweredBy(false);
        config.setSendDateHeader(false); // that of an upstream is passed on, and the writer adds a missing one
        config.setHeaderCacheCaseSensitive(true);
        config.setHttpCompliance(
                HttpCompliance.RFC9110.with("GATEWAY", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
        config.setUriCompliance(UriCompliance.UNSAFE);
        config.setRelativeRedirectAllowed(true);
        config.setIdleTimeout(-1);
        return config;
    }
}
