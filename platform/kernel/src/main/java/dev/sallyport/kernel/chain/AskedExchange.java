package dev.sallyport.kernel.chain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exchange of a request that is only asked about: what steps leave on it is kept for later ones, and nothing of it
 * reaches anybody else. Thread-safe where calls do not overlap.
 */
public final class AskedExchange implements Exchange {

    /** The id of one that has none. */
    public static final String NO_ID = "00000000-0000-7000-8000-000000000000";

    private final String id;
    private final String listener;
    private final String scheme;
    private final String protocol;
    private final InetAddress client;
    private final InetAddress peer;
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final Map<Attribute<?>, Object> attributes = new HashMap<>();
    private Map<String, Object> notes = new LinkedHashMap<>();
    private @Nullable String route;
    private Map<String, String> parameters = Map.of();
    private @Nullable Consumer consumer;
    private @Nullable Attempt attempt;

    /** An exchange over a connection in clear text, as far as steps are told. */
    public AskedExchange(
            String id, String listener, String scheme, String protocol, InetAddress client, InetAddress peer) {
        this.id = id;
        this.listener = listener;
        this.scheme = scheme;
        this.protocol = protocol;
        this.client = client;
        this.peer = peer;
    }

    /** A route takes it. */
    public void routed(String name, Map<String, String> pathParameters) {
        route = name;
        parameters = pathParameters;
    }

    /** It goes to that target; null where that is not known. */
    public void attempt(@Nullable Attempt next) {
        attempt = next;
    }

    /** What steps have left on it for others. */
    public record Left(@Nullable Consumer consumer, Map<Attribute<?>, Object> attributes) {}

    /** What they have left so far. */
    public Left left() {
        return new Left(consumer, Map.copyOf(attributes));
    }

    /** All that was left since then is gone. */
    public void restore(Left left) {
        consumer = left.consumer();
        attributes.clear();
        attributes.putAll(left.attributes());
    }

    /** What was noted since this was last asked. */
    public Map<String, Object> takeNotes() {
        Map<String, Object> taken = notes;
        notes = new LinkedHashMap<>();
        return taken;
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
        return new InetSocketAddress(peer, 0);
    }

    @Override
    public @Nullable Tls tls() {
        return null;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    @Override
    public @Nullable Instant deadline() {
        return null;
    }

    @Override
    public @Nullable Consumer consumer() {
        return consumer;
    }

    @Override
    public void authenticated(Consumer caller) {
        consumer = caller;
    }

    @Override
    @SuppressWarnings("unchecked") // put takes only values of the key's type
    public <T> @Nullable T get(Attribute<T> key) {
        return (T) attributes.get(key);
    }

    @Override
    public <T> void put(Attribute<T> key, T value) {
        attributes.put(key, key.type().cast(value));
    }

    @Override
    public @Nullable Attempt attempt() {
        return attempt;
    }

    @Override
    public void attemptTimeout(@Nullable Duration most) {
        // there is none
    }

    @Override
    public void note(String name, Object value) {
        notes.put(name, value);
    }

    @Override
    public void onComplete(CompletionListener listener) {
        // it is never complete
    }

    @Override
    public void interim(int status, Headers headers) {
        // nobody is there to be told
    }
}
