package dev.sallyport.kernel.trace;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is recorded of one exchange while it runs. What it sees it turns into texts at once, secrets masked: it keeps no
 * body, no exception and nothing of a plugin.
 *
 * <p>For the thread of the exchange; {@link #note} and {@link #end} may come from others.
 */
public final class Recording {

    /** A step that retries for ever must not fill the memory. */
    private static final int MOST_STEPS = 300;

    private final Exchange exchange;
    private final Mask mask;
    private final LongSupplier nanos;
    private final @Nullable String once;
    private final boolean sampled;
    private final int generation;
    private final long start;
    private final ObjectNode request;
    private final ArrayNode steps = JsonMapper.shared().createArrayNode();
    private final ArrayNode attempts = JsonMapper.shared().createArrayNode();
    private List<Watch> watches;
    private @Nullable ObjectNode response;
    private @Nullable StepSpan current;
    private @Nullable TargetSpan attempt;
    private int left;

    /**
     * Begins one.
     *
     * @param once the id of the one-off header that asked for it; null where none did
     * @param sampled whether chance did
     * @param watches who may want it
     * @param generation the number of the one on which it runs
     * @param nanos a clock like {@link System#nanoTime}
     */
    Recording(
            Request request,
            Mask mask,
            @Nullable String once,
            boolean sampled,
            List<Watch> watches,
            int generation,
            LongSupplier nanos) {
        this.exchange = request.exchange();
        this.mask = mask;
        this.nanos = nanos;
        this.once = once;
        this.sampled = sampled;
        this.watches = List.copyOf(watches);
        this.generation = generation;
        start = nanos.getAsLong();
        this.request = JsonMapper.shared().createObjectNode();
        this.request.put("method", request.method());
        this.request.put("target", mask.target(request.target()));
        this.request.set("headers", mask.headers(request.headers()));
    }

    Mask mask() {
        return mask;
    }

    long now() {
        return nanos.getAsLong();
    }

    /** Microseconds between two times of the clock. */
    static long micros(long nanos) {
        return nanos / 1000;
    }

    /** Microseconds since it began. */
    long sinceStart() {
        return micros(now() - start);
    }

    /** A step is entered; {@link StepSpan#leave} must follow. */
    public synchronized StepSpan enter(StepName step, Request entered) {
        StepSpan span = new StepSpan(this, add(step), entered, current);
        current = span;
        return span;
    }

    /** A step is passed by, since its condition does not hold. */
    public synchronized void passedBy(StepName step) {
        add(step).put("verdict", "passed-by");
    }

    private ObjectNode add(StepName step) {
        ObjectNode json;
        if (steps.size() < MOST_STEPS) {
            json = steps.addObject();
        } else {
            json = JsonMapper.shared().createObjectNode();
            left++;
        }
        json.put("order", steps.size() + left)
                .put("place", step.place())
                .put("id", step.id())
                .put("type", step.type());
        if (step.version() != null) {
            json.put("version", step.version());
        }
        return json.put("startMicros", sinceStart());
    }

    synchronized void left(@Nullable StepSpan outer) {
        current = outer;
    }

    /** A route was chosen: whether anybody still wants this. */
    public synchronized boolean routed(String route) {
        if (!watches.isEmpty()) {
            List<Watch> still = new ArrayList<>(watches);
            still.removeIf(watch -> !watch.filter().takesRoute(route));
            watches = List.copyOf(still);
        }
        return isWanted();
    }

    private boolean isWanted() {
        return once != null || sampled || !watches.isEmpty();
    }

    /** The step that runs notes something. */
    public synchronized void note(String name, Object value) {
        StepSpan span = current;
        if (span != null) {
            span.note(name, value);
        }
    }

    /** The step that runs has failed, and all goes on as if it were not there. */
    public synchronized void skipped(String why) {
        StepSpan span = current;
        if (span != null) {
            span.skipped(why);
        }
    }

    /** The step that runs is monitored, and would have done that. */
    public synchronized void monitored(Monitored would) {
        StepSpan span = current;
        if (span != null) {
            span.monitored(would);
        }
    }

    /** A target is tried; {@link TargetSpan#answered} or {@link TargetSpan#failed} must follow. */
    public synchronized TargetSpan attempt(Attempt tried) {
        ObjectNode json = attempts.size() < MOST_STEPS
                ? attempts.addObject()
                : JsonMapper.shared().createObjectNode();
        TargetSpan span = new TargetSpan(this, json, tried);
        attempt = span;
        return span;
    }

    /** The attempt that is under way, or was the last one; null before the first. */
    public synchronized @Nullable TargetSpan attempt() {
        return attempt;
    }

    /** What the outermost step gave. */
    public synchronized void answered(Response given) {
        response = JsonMapper.shared().createObjectNode().put("status", given.status());
        response.set("headers", mask.headers(given.headers()));
        response.put("headMicros", sinceStart());
        if (given.tunnel() != null) {
            response.put("tunnel", true);
        }
    }

    /** Whether it is still of use at the end, and for which of the watches. */
    record Ended(Trace trace, List<Watch> watches) {}

    /** The exchange is over; null where nobody wants it. */
    synchronized @Nullable Ended end(Completion completion) {
        Consumer consumer = exchange.consumer();
        String caller = consumer == null ? null : consumer.name();
        String route = exchange.route();
        watches = watches.stream()
                .filter(watch ->
                        watch.filter().takesRoute(route) && watch.filter().takesEnd(caller, completion.status()))
                .toList();
        if (!isWanted()) {
            return null;
        }
        ObjectNode json = json(completion, route, caller);
        return new Ended(
                new Trace(exchange.id(), at(), once, route, caller, completion.status(), json.toString()), watches);
    }

    private Instant at() {
        return exchange.startedAt().truncatedTo(ChronoUnit.MICROS);
    }

    private ObjectNode json(Completion completion, @Nullable String route, @Nullable String caller) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", mask.text(exchange.id()));
        json.put("at", at().toString());
        json.put("why", once != null ? "once" : watches.isEmpty() ? "sample" : "watch");
        json.put("generation", generation);
        json.put("listener", exchange.listener());
        json.put("scheme", exchange.scheme());
        json.put("protocol", exchange.protocol());
        json.put("client", exchange.client().getHostAddress());
        if (route != null) {
            json.put("route", route);
        }
        if (caller != null) {
            json.put("consumer", mask.text(caller));
        }
        request.put("bodyBytes", completion.requestBytes());
        json.set("request", request);
        json.set("steps", steps);
        if (left > 0) {
            json.put("stepsLeftOut", left);
        }
        if (!attempts.isEmpty()) {
            json.set("attempts", attempts);
        }
        ObjectNode last = response == null ? JsonMapper.shared().createObjectNode() : response;
        json.set("response", last);
        last.put("status", completion.status()).put("bodyBytes", completion.responseBytes());
        json.put("outcome", completion.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (completion.failure() != null) {
            json.put("failure", mask.text(completion.failure()));
        }
        json.put("tookMicros", micros(completion.duration().toNanos()));
        return json;
    }
}
