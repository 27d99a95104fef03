package dev.sallyport.kernel.script;

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

/** An exchange that nobody sent, for trials of scripts. */
final class SampleExchange implements Exchange {

    private final @Nullable String route;
    private final Map<String, String> parameters;
    private final InetAddress client;
    private final Map<String, Object> attributes = new HashMap<>();
    private final Map<String, Object> notes = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private final Instant startedAt = Instant.now();
    private @Nullable Consumer consumer;

    SampleExchange(
            @Nullable String route, Map<String, String> parameters, InetAddress client, @Nullable Consumer consumer) {
        this.route = route;
        this.parameters = Map.copyOf(parameters);
        this.client = client;
        this.consumer = consumer;
    }

    SampleExchange() {
        this("sample", Map.of(), InetAddress.getLoopbackAddress(), null);
    }

    /** What was noted so far. */
    Map<String, Object> notes() {
        return notes;
    }

    @Override
    public String id() {
        return "00000000-0000-7000-8000-000000000000";
    }

    @Override
    public String listener() {
        return "sample";
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
        return "http";
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public InetAddress client() {
        return client;
    }

    @Override
    public InetSocketAddress peer() {
        return new InetSocketAddress(client, 50_000);
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
        return Duration.ofNanos(System.nanoTime() - start);
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
        attributes.put(key.name(), value);
    }

    @Override
    public @Nullable Attempt attempt() {
        return null;
    }

    @Override
    public void attemptTimeout(@Nullable Duration most) {
        // There is none.
    }

    @Override
    public void note(String name, Object value) {
        notes.put(name, value);
    }

    @Override
    public void onComplete(CompletionListener listener) {
        // A trial has no end that anybody could hear of.
    }

    @Override
    public void interim(int status, Headers headers) {
        // Nobody is there to get it.
    }
}
