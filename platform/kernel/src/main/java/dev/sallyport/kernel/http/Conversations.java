package dev.sallyport.kernel.http;

import dev.sallyport.kernel.chain.EndedEarlyException;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.http.LimitHits.Limit;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * The connections of clients, looked at a few times a second, so that none holds on to the gateway for longer than its
 * listener allows. A request pays for it with two notes; there is no timer for each.
 */
final class Conversations implements AutoCloseable {

    private static final Logger LOG = System.getLogger("listener");
    private static final long LOOK_MILLIS = 250;
    private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Map<EndPoint, Conversation> open = new ConcurrentHashMap<>();
    private final Function<String, @Nullable ListenerConfig> rules;
    private final Supplier<Map<LiveExchange, String>> exchanges;
    private final LimitHits hits;

    /** When bytes were last seen to pass. Only the looking thread touches it. */
    private final Map<LiveExchange, Silence> silences = new WeakHashMap<>();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("client limits").factory());

    private record Silence(long passed, long since, boolean told) {}

    /**
     * None yet.
     *
     * @param rules of listeners, by name; null for one that is gone
     * @param exchanges those that run, and the listeners by which they came
     */
    Conversations(
            Function<String, @Nullable ListenerConfig> rules,
            Supplier<Map<LiveExchange, String>> exchanges,
            LimitHits hits) {
        this.rules = rules;
        this.exchanges = exchanges;
        this.hits = hits;
    }

    /** Begins to look after them; once. */
    void watch() {
        var _ = thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A connection was made. */
    void begin(EndPoint endPoint, String listener, Admission.Entry entry) {
        open.put(endPoint, new Conversation(endPoint, listener, entry));
    }

    /** A connection was closed. */
    void forget(EndPoint endPoint) {
        Conversation over = open.remove(endPoint);
        if (over != null) {
            over.over();
        }
    }

    /** The conversation over an end point, or over one below it; one that is closed is waited for no more. */
    Conversation of(EndPoint endPoint, String listener) {
        EndPoint lowest = endPoint;
        while (lowest instanceof EndPoint.Wrapper wrapper) {
            lowest = wrapper.unwrap();
        }
        return open.computeIfAbsent(lowest, closed -> new Conversation(closed, listener, null));
    }

    private void look() {
        try {
            long now = System.nanoTime();
            open.forEach((endPoint, one) -> {
                if (!one.isOpen()) {
                    forget(endPoint);
                } else {
                    ListenerConfig rule = rules.apply(one.listener());
                    if (rule != null) {
                        one.look(now, rule, hits);
                    }
                }
            });
            exchanges.get().forEach((exchange, listener) -> {
                ListenerConfig rule = rules.apply(listener);
                if (rule != null && exchange.isAnswered()) {
                    listen(exchange, rule, now);
                }
            });
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "looking at connections failed", e);
        }
    }

    private void listen(LiveExchange exchange, ListenerConfig rule, long now) {
        long passed = exchange.passed();
        Silence silence = silences.get(exchange);
        if (silence == null || (silence.passed() != passed && !silence.told())) {
            silences.put(exchange, new Silence(passed, now, false));
        } else if (silence.told()) {
            if (now - silence.since() >= GOODBYE_NANOS) {
                exchange.cancellation().cancel(silent(rule));
            }
        } else if (now - silence.since() >= rule.limits().streamIdle().toNanos()) {
            silences.put(exchange, new Silence(passed, now, true));
            hits.hit(
                    rule.name(), Limit.STREAM_IDLE, exchange.peer().getAddress().getHostAddress());
            exchange.end(silent(rule));
        }
    }

    private static EndedEarlyException silent(ListenerConfig rule) {
        return new EndedEarlyException(
                "silent for " + rule.limits().streamIdle().toMillis() + "ms");
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
