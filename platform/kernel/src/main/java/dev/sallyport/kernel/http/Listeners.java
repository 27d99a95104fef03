package dev.sallyport.kernel.http;

import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.AcmeConfig;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.ListenerConfig.ProxyProtocol;
import dev.sallyport.kernel.config.TlsConfig;
import dev.sallyport.kernel.tls.Acme;
import dev.sallyport.kernel.tls.ServerTls;
import dev.sallyport.kernel.trace.Tracing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.Graceful;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The addresses on which clients are served. Listeners can be added, removed and rebound while the others go on; what
 * came by one that is gone may come to its end. One thread at a time changes it; asking is thread-safe.
 */
public final class Listeners implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("listener");

    /** How long an address may take to be free after its listener has given it up. */
    private static final Duration UNTIL_FREE = Duration.ofSeconds(2);

    private final Acme acme;
    private final ExchangeThreads threads = new ExchangeThreads();
    private final Server server;
    private final LimitHits hits = new LimitHits();
    private final Descriptors descriptors = new Descriptors();
    private final Conversations conversations;
    private final Connectors connectors;
    private final ExchangeHandler handler;
    /** Never changed, but replaced as a whole: others ask for addresses while one thread changes them. */
    private volatile Map<String, Bound> bound = Map.of();

    private final Set<LeavingListener> leaving = ConcurrentHashMap.newKeySet();

    private record Bound(
            ListenerConfig listener,
            AbstractConnector connector,
            @Nullable ServerTls tls) {

        /** The same connector under another configuration. */
        Bound with(ListenerConfig now) {
            return new Bound(now, connector, tls);
        }
    }

    /**
     * Listeners without addresses yet.
     *
     * @param serving what to serve; read anew for each exchange
     * @param onEnd hears of each exchange that is over, on one of its threads
     * @param acme has the certificates that the gateway gets by itself
     */
    public Listeners(AtomicReference<@Nullable Serving> serving, Consumer<LiveExchange> onEnd, Acme acme) {
        this(serving, onEnd, acme, new Tracing(Clock.systemUTC()), null);
    }

    /** @param tracing decides which exchanges are recorded */
    public Listeners(
            AtomicReference<@Nullable Serving> serving, Consumer<LiveExchange> onEnd, Acme acme, Tracing tracing) {
        this(serving, onEnd, acme, tracing, null);
    }

    /** @param buffers where connections take their buffers from; null for what is usual */
    Listeners(
            AtomicReference<@Nullable Serving> serving,
            Consumer<LiveExchange> onEnd,
            Acme acme,
            Tracing tracing,
            @Nullable ByteBufferPool buffers) {
        this.acme = acme;
        VirtualThreadPool pool = new VirtualThreadPool(0); // its default admits 200 tasks and queues the rest unseen
        pool.setVirtualThreadsExecutor(threads);
        conversations = new Conversations(this::rules, this::ways, hits);
        handler = new ExchangeHandler(serving, onEnd, conversations, hits, this::addresses, acme.challenges(), tracing);
        server = new Server(pool, null, buffers);
        connectors = new Connectors(server, conversations, hits, descriptors);
        server.setHandler(handler);
        server.setErrorHandler(new ProblemErrorHandler(hits));
        server.setStopTimeout(0);
        try {
            server.start(); // without connectors yet: nothing of it can fail by what a user has configured
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        conversations.watch(); // it asks for what is there only now
    }

    private @Nullable ListenerConfig rules(String name) {
        Bound one = bound.get(name);
        return one == null ? null : one.listener();
    }

    private Map<LiveExchange, String> ways() {
        return handler.ways();
    }

    /** What limits have refused and cut off. */
    public LimitHits limitHits() {
        return hits;
    }

    /** How many connections there are, by listener name. */
    public Map<String, Integer> connections() {
        Map<String, Integer> all = new LinkedHashMap<>();
        bound.forEach((name, one) -> all.put(name, Connectors.connections(one.connector())));
        return all;
    }

    /** The exchanges that run now. */
    public Set<LiveExchange> exchanges() {
        return handler.exchanges();
    }

    /**
     * Opens what is new, has what is gone leave, lets the rest as it is. New addresses are bound first, but for those that
     * a listener which is gone has yet. Where one cannot be bound, all are as they were.
     *
     * @throws IOException naming the listener whose address cannot be bound
     */
    public void apply(List<ListenerConfig> wanted) throws IOException {
        apply(wanted, () -> {});
    }

    /** What takes effect together with listeners. */
    @FunctionalInterface
    public interface Swap {

        /** Does it, or throws and has changed nothing. */
        void run() throws IOException;
    }

    /**
     * The same together with something else: that is done once all new addresses are bound, and before a connection to one
     * of them is taken. Where it fails, all are as they were.
     *
     * @throws IOException naming the listener whose address cannot be bound, or what the other thing throws
     */
    public void apply(List<ListenerConfig> wanted, Swap swap) throws IOException {
        Map<String, Bound> next = new LinkedHashMap<>();
        List<Bound> gone = new ArrayList<>(bound.values());
        wanted.forEach(listener -> gone.removeIf(old -> isKept(old, listener)));
        List<Bound> opened = new ArrayList<>();
        List<Bound> freed = new ArrayList<>();
        try {
            for (ListenerConfig listener : wanted) {
                Bound now = bound.get(listener.name());
                if (now != null && isKept(now, listener)) {
                    next.put(listener.name(), now.with(listener));
                    continue;
                }
                List<Bound> inTheWay = gone.stream()
                        .filter(old -> old.listener().address().overlaps(listener.address()))
                        .toList();
                inTheWay.forEach(this::leave);
                gone.removeAll(inTheWay);
                freed.addAll(inTheWay);
                Bound fresh = inTheWay.isEmpty() ? open(listener) : openFreed(listener);
                opened.add(fresh);
                next.put(listener.name(), fresh);
            }
            swap.run();
        } catch (IOException e) {
            opened.forEach(one -> close(one.connector()));
            freed.forEach(this::reopen);
            throw e;
        }
        opened.forEach(this::start);
        descriptors.compare(wanted);
        for (Bound one : next.values()) {
            connectors.limit(one.connector(), one.listener());
            TlsConfig tls = one.listener().tls();
            if (one.tls() != null && tls != null && !opened.contains(one)) {
                one.tls().use(tls);
            }
        }
        bound = Collections.unmodifiableMap(next);
        gone.forEach(this::leave);
        acme.keep(
                wanted.stream()
                        .map(listener -> acme(listener.tls()))
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet()),
                this::reloadCertificates);
    }

    private static @Nullable AcmeConfig acme(@Nullable TlsConfig tls) {
        return tls == null ? null : tls.acme();
    }

    private static boolean isKept(Bound now, ListenerConfig wanted) {
        ListenerConfig old = now.listener();
        return old.name().equals(wanted.name())
                && old.address().equals(wanted.address())
                && old.protocols().equals(wanted.protocols())
                && old.socketMode().equals(wanted.socketMode())
                && old.proxyProtocol() == wanted.proxyProtocol()
                && (old.proxyProtocol() == ProxyProtocol.OFF
                        || Objects.equals(old.trustedProxies(), wanted.trustedProxies()))
                && (acme(old.tls()) == null) == (acme(wanted.tls()) == null)
                && (old.tls() == null) == (wanted.tls() == null); // what is shown can be changed on the way
    }

    /** The files of certificates and keys. */
    public Set<Path> certificateFiles() {
        return tls().flatMap(tls -> tls.files().stream()).collect(Collectors.toSet());
    }

    /** Reads these files anew; where they cannot be used, what was shown before is shown on. From any thread. */
    public void reloadCertificates() {
        tls().forEach(ServerTls::reload);
    }

    /** What does not work, in a sentence each. */
    public List<String> degraded() {
        return Stream.concat(tls().map(ServerTls::problem).filter(Objects::nonNull), acme.degraded().stream())
                .toList();
    }

    private Stream<ServerTls> tls() {
        return bound.values().stream().map(Bound::tls).filter(Objects::nonNull);
    }

    /** Those that take no more connections, but have some that go on. */
    public Set<LeavingListener> leaving() {
        return Collections.unmodifiableSet(leaving);
    }

    private void leave(Bound old) {
        stopAccepting(old.connector());
        leaving.add(new LeavingListener(old.connector(), handler, left -> {
            leaving.remove(left);
            close(left.connector());
        }));
    }

    /** Takes connections again at an address that was given up for a listener that could not be opened. */
    private void reopen(Bound freed) {
        Map<String, Bound> now = new LinkedHashMap<>(bound);
        try {
            Bound again = openFreed(freed.listener());
            start(again);
            now.put(freed.listener().name(), again);
            bound = Collections.unmodifiableMap(now);
        } catch (IOException e) {
            now.remove(freed.listener().name());
            bound = Collections.unmodifiableMap(now);
            LOG.log(System.Logger.Level.ERROR, "{0}; it is closed until the next change", e.getMessage());
        }
    }

    private Bound openFreed(ListenerConfig listener) throws IOException {
        long limit = System.nanoTime() + UNTIL_FREE.toNanos();
        while (true) {
            try {
                return open(listener);
            } catch (IOException e) {
                if (System.nanoTime() - limit >= 0) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }

    /** Where clients connect, by listener name, with the ports that were really taken. */
    public Map<String, Address> addresses() {
        Map<String, Address> addresses = new LinkedHashMap<>();
        bound.forEach((name, one) -> addresses.put(name, address(one)));
        return addresses;
    }

    private static Address address(Bound one) {
        Address written = one.listener().address();
        return one.connector() instanceof NetworkConnector tcp
                ? new Address(written.host(), tcp.getLocalPort())
                : written;
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

    private static void stopAccepting(AbstractConnector connector) {
        connector.setShutdownIdleTimeout(0); // else Jetty ends all streams over HTTP/2 that are silent for a second
        // What they say when all is over is not waited for here: that is seen by the exchanges.
        var _ = connector.shutdown();
        for (Graceful sessions : connector.getContainedBeans(Graceful.class)) {
            var _ = sessions.shutdown();
        }
    }

    @Override
    public void close() {
        conversations.close();
        try {
            server.stop();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "stopping the listeners: {0}", e.toString());
        }
        threads.close();
    }

    /** Binds its address; connections are taken once it is {@linkplain #start started}. */
    private Bound open(ListenerConfig listener) throws IOException {
        ServerTls tls = listener.tls() == null ? null : tls(listener.name(), listener.tls());
        AbstractConnector connector = connectors.connector(listener, tls);
        server.addConnector(connector);
        try {
            if (connector instanceof NetworkConnector tcp) {
                tcp.open();
            } else {
                connector.start(); // a Unix socket is bound by that alone
            }
        } catch (Exception e) {
            server.removeConnector(connector);
            throw new IOException(
                    "listener " + listener.name() + ": cannot bind " + listener.address() + ": " + root(e).getMessage(),
                    e);
        }
        return new Bound(listener, connector, tls);
    }

    private void start(Bound one) {
        try {
            one.connector().start();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.ERROR, "listener " + one.listener().name() + " takes no connections", e);
        }
    }

    private ServerTls tls(String listener, TlsConfig config) throws IOException {
        try {
            return new ServerTls(listener, config, acme);
        } catch (IOException e) {
            throw new IOException("listener " + listener + ": " + e.getMessage(), e);
        }
    }

    private void close(AbstractConnector connector) {
        server.removeConnector(connector);
        try {
            if (connector instanceof NetworkConnector tcp && !connector.isStarted()) {
                tcp.close();
            }
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
}
