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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exchange as all its monitored steps see it: as it is, and on top of that what they have written themselves, which
 * nobody else sees.
 */
final class MonitoredExchange implements Exchange {

    private final LiveExchange live;
    private final Map<Attribute<?>, Object> written = new HashMap<>();
    private @Nullable Consumer consumer;

    MonitoredExchange(LiveExchange live) {
        this.live = live;
    }

    LiveExchange live() {
        return live;
    }

    @Override
    public String id() {
        return live.id();
    }

    @Override
    public String listener() {
        return live.listener();
    }

    @Override
    public @Nullable String route() {
        return live.route();
    }

    @Override
    public Map<String, String> parameters() {
        return live.parameters();
    }

    @Override
    public @Nullable String matchedPath() {
        return live.matchedPath();
    }

    @Override
    public boolean isPeerTrusted() {
        return live.isPeerTrusted();
    }

    @Override
    public String scheme() {
        return live.scheme();
    }

    @Override
    public String protocol() {
        return live.protocol();
    }

    @Override
    public InetAddress client() {
        return live.client();
    }

    @Override
    public InetSocketAddress peer() {
        return live.peer();
    }

    @Override
    public @Nullable Tls tls() {
        return live.tls();
    }

    @Override
    public Instant startedAt() {
        return live.startedAt();
    }

    @Override
    public Duration elapsed() {
        return live.elapsed();
    }

    @Override
    public @Nullable Instant deadline() {
        return live.deadline();
    }

    @Override
    public @Nullable Consumer consumer() {
        return consumer == null ? live.consumer() : consumer;
    }

    @Override
    public void authenticated(Consumer caller) {
        consumer = caller;
    }

    @Override
    @SuppressWarnings("unchecked") // put takes only values of the key's type
    public <T> @Nullable T get(Attribute<T> key) {
        Object value = written.get(key);
        return value == null ? live.get(key) : (T) value;
    }

    @Override
    public <T> void put(Attribute<T> key, T value) {
        written.put(key, key.type().cast(value));
    }

    @Override
    public @Nullable Attempt attempt() {
        return live.attempt();
    }

    /** A monitored step changes nothing, so not how long others wait. */
    @Override
    public void attemptTimeout(@Nullable Duration most) {
        // dropped
    }

    @Override
    public void note(String name, Object value) {
        live.note(name, value);
    }

    /** What a step releases at the end it must release here too. */
    @Override
    public void onComplete(CompletionListener listener) {
        live.onComplete(listener);
    }

    /** Nothing of it reaches the client. */
    @Override
    public void interim(int status, Headers headers) {
        live.note("interim", status);
    }
}
