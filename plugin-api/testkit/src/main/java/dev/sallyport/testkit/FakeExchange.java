package dev.sallyport.testkit;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Attribute;
import dev.sallyport.api.Body;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that a test makes up and ends itself; it records what steps leave on it. Thread-safe.
 *
 * {@snippet :
 * FakeExchange exchange = FakeExchange.builder().client("203.0.113.9").route("orders").build();
 * filter.handle(Requests.get("/").exchange(exchange).build(), next);
 * exchange.complete(200);
 * assertThat(exchange.notes()).containsEntry("verdict", "denied");
 * }
 */
public final class FakeExchange implements Exchange {

    private final String id;
    private final String listener;
    private final @Nullable String route;
    private final Map<String, String> parameters;
    private final @Nullable String matchedPath;
    private final boolean peerTrusted;
    private final String scheme;
    private final String protocol;
    private final InetAddress client;
    private final InetAddress peer;
    private final @Nullable Tls tls;
    private final @Nullable Instant deadline;
    private final Map<String, Next> upstreams;
    private final Clock clock;
    private final Instant startedAt;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final Map<String, Object> notes = new ConcurrentHashMap<>();
    private final List<Interim> interims = new CopyOnWriteArrayList<>();
    private final List<CompletionListener> listeners = new ArrayList<>();
    private final List<TrackedBody> bodies = new CopyOnWriteArrayList<>();
    private volatile @Nullable Consumer consumer;
    private volatile @Nullable Attempt attempt;
    private volatile @Nullable Duration attemptTimeout;
    private @Nullable Completion completion;

    private FakeExchange(Builder builder) {
        id = builder.id;
        listener = builder.listener;
        route = builder.route;
        parameters = Map.copyOf(builder.parameters);
        matchedPath = builder.matchedPath;
        peerTrusted = builder.peerTrusted;
        scheme = builder.scheme;
        protocol = builder.protocol;
        client = builder.client;
        peer = builder.peer;
        tls = builder.tls;
        deadline = builder.deadline;
        upstreams = Map.copyOf(builder.upstreams);
        clock = builder.clock;
        startedAt = builder.clock.instant();
        consumer = builder.consumer;
        attempt = builder.attempt;
    }

    /** An exchange with the facts that a {@link Builder} starts with. */
    public static FakeExchange create() {
        return builder().build();
    }

    /** A builder, for an exchange with other  */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String listener() {
        return listener;
    }

    @Override
    public @Nullable String route() {
        return route;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters;
    }

    @Override
    public @Nullable String matchedPath() {
        return matchedPath;
    }

    @Override
    public boolean isPeerTrusted() {
        return peerTrusted;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public InetAddress client() {
        return client;
    }

    @Override
    public InetSocketAddress peer() {
        return new InetSocketAddress(peer, 40_000);
    }

    @Override
    public @Nullable Tls tls() {
        return tls;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public Duration elapsed() {
        return Duration.between(startedAt, clock.instant());
    }

    @Override
    public @Nullable Instant deadline() {
        return deadline;
    }

    @Override
    public @Nullable Consumer consumer() {
        return consumer;
    }

    @Override
    public void authenticated(Consumer newConsumer) {
        consumer = newConsumer;
    }

    @Override
    public <T> @Nullable T get(Attribute<T> key) {
        Object value = attributes.get(key.name());
        return value == null ? null : key.type().cast(value);
    }

    @Override
    public <T> void put(Attribute<T> key, T value) {
        attributes.put(key.name(), key.type().cast(value));
    }

    @Override
    public @Nullable Attempt attempt() {
        return attempt;
    }

    /** Says that a try at a target is under way, as the balancer does. */
    public void attempt(Attempt newAttempt) {
        attempt = newAttempt;
    }

    @Override
    public void attemptTimeout(@Nullable Duration most) {
        attemptTimeout = most;
    }

    /** How long attempts may wait; null where nothing was said. */
    public @Nullable Duration attemptTimeout() {
        return attemptTimeout;
    }

    @Override
    public Next upstream(String name) {
        Next way = upstreams.get(name);
        return way == null ? Exchange.super.upstream(name) : way;
    }

    @Override
    public void note(String name, Object value) {
        if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw new IllegalArgumentException(
                    "note " + name + ": " + value.getClass().getName() + " (expected: a string, number or boolean)");
        }
        notes.put(name, value);
    }

    @Override
    public void onComplete(CompletionListener listener) {
        synchronized (listeners) {
            if (completion != null) {
                throw new IllegalStateException("exchange: completed (expected: a listener before its end)");
            }
            listeners.add(listener);
        }
    }

    @Override
    public void interim(int status, Headers headers) {
        if (status < 102 || status > 199) {
            throw new IllegalArgumentException("status: " + status + " (expected: 102 to 199)");
        }
        interims.add(new Interim(status, headers));
    }

    /** What steps have noted, by name. */
    public Map<String, Object> notes() {
        return Map.copyOf(notes);
    }

    /** What steps have left for each other, by the name of the attribute. */
    public Map<String, Object> attributes() {
        return Map.copyOf(attributes);
    }

    /** The interim responses sent, in order. */
    public List<Interim> interims() {
        return List.copyOf(interims);
    }

    /** A one-shot body of that text that belongs to this exchange: see {@link #openBodies}. */
    public TrackedBody body(String text) {
        return track(TrackedBody.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Makes a body belong to this exchange. */
    public TrackedBody track(TrackedBody body) {
        bodies.add(body);
        return body;
    }

    /** The bodies of this exchange that nobody has closed. */
    public List<Body> openBodies() {
        return bodies.stream()
                .filter(body -> !body.isClosed())
                .map(Body.class::cast)
                .toList();
    }

    /** Ends the exchange well, with that status, no bytes, and the time of its clock. */
    public void complete(int status) {
        complete(new Completion(status, 0, 0, elapsed(), Completion.Outcome.COMPLETED, null));
    }

    /**
     * Ends the exchange: calls the listeners, the last one registered first, on this thread.
     *
     * @throws IllegalStateException where it has ended before
     */
    public void complete(Completion how) {
        List<CompletionListener> called;
        synchronized (listeners) {
            if (completion != null) {
                throw new IllegalStateException("exchange: completed twice");
            }
            completion = how;
            called = List.copyOf(listeners);
        }
        called.reversed().forEach(listener -> listener.completed(how));
    }

    /**
     * An interim response that was sent.
     *
     * @param status 102 to 199
     */
    public record Interim(int status, Headers headers) {}

    /**
     * The facts of an exchange. It starts with: id {@code exchange-1}, listener {@code web}, route {@code route},
     * {@code http} over {@code HTTP/1.1}, client and peer 192.0.2.1, a clock of its own, and nothing else.
     */
    public static final class Builder {

        private String id = "exchange-1";
        private String listener = "web";
        private @Nullable String route = "route";
        private final Map<String, String> parameters = new LinkedHashMap<>();
        private @Nullable String matchedPath;
        private boolean peerTrusted;
        private String scheme = "http";
        private String protocol = "HTTP/1.1";
        private InetAddress client = InetAddress.ofLiteral("192.0.2.1");
        private InetAddress peer = InetAddress.ofLiteral("192.0.2.1");
        private @Nullable Tls tls;
        private @Nullable Instant deadline;
        private final Map<String, Next> upstreams = new HashMap<>();
        private @Nullable Consumer consumer;
        private @Nullable Attempt attempt;
        private Clock clock = new ManualClock();

        private Builder() {}

        /** The request id. */
        public Builder id(String newId) {
            id = newId;
            return this;
        }

        /** The listener's name. */
        public Builder listener(String newListener) {
            listener = newListener;
            return this;
        }

        /** The route's name; null before a route is chosen. */
        public Builder route(@Nullable String newRoute) {
            route = newRoute;
            return this;
        }

        /** The path of the match, as it is written. */
        public Builder matchedPath(String path) {
            matchedPath = path;
            return this;
        }

        /** The listener trusts the peer as a proxy. */
        public Builder peerTrusted() {
            peerTrusted = true;
            return this;
        }

        /** A path parameter, decoded. */
        public Builder parameter(String name, String value) {
            parameters.put(name, value);
            return this;
        }

        /** {@code http} or {@code https}. */
        public Builder scheme(String newScheme) {
            scheme = newScheme;
            return this;
        }

        /** {@code HTTP/1.1} or {@code HTTP/2}. */
        public Builder protocol(String newProtocol) {
            protocol = newProtocol;
            return this;
        }

        /** The client's address, as digits. */
        public Builder client(String address) {
            return client(InetAddress.ofLiteral(address));
        }

        /** The client's address. */
        public Builder client(InetAddress address) {
            client = address;
            return this;
        }

        /** The address of the other end of the connection, as digits. */
        public Builder peer(String address) {
            peer = InetAddress.ofLiteral(address);
            return this;
        }

        /** What TLS agreed on; the scheme becomes {@code https}. */
        public Builder tls(Tls newTls) {
            tls = newTls;
            return scheme("https");
        }

        /** When the gateway gives the exchange up. */
        public Builder deadline(Instant newDeadline) {
            deadline = newDeadline;
            return this;
        }

        /** The authenticated caller. */
        public Builder consumer(Consumer newConsumer) {
            consumer = newConsumer;
            return this;
        }

        /** The try at a target that is under way. */
        public Builder attempt(Attempt newAttempt) {
            attempt = newAttempt;
            return this;
        }

        /** The clock that says when the exchange started and how long it has taken. */
        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        /** An upstream that the step's settings name. */
        public Builder upstream(String name, Next way) {
            upstreams.put(name, way);
            return this;
        }

        /** The exchange. */
        public FakeExchange build() {
            return new FakeExchange(this);
        }
    }
}
