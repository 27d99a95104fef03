package dev.sallyport.kernel.chain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Attribute;
import dev.sallyport.api.Body;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.balance.LiveTarget;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.trace.Monitored;
import dev.sallyport.kernel.trace.Recording;
import dev.sallyport.kernel.upstream.Cancellation;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one {@link Exchange} there is. It belongs to the virtual thread that runs its chain; what other threads touch
 * (cancellation, counters, holds) is thread-safe.
 *
 * <p>It holds its generation for as long as anybody works for it: once for the handler, once for each copy of a body or
 * direction of a tunnel. The last one to leave releases the generation, so no plugin is unloaded under a running thread.
 */
public final class LiveExchange implements Exchange {

    private static final Logger LOG = System.getLogger("exchange");
    private static final AtomicLongFieldUpdater<LiveExchange> REQUEST_BYTES =
            AtomicLongFieldUpdater.newUpdater(LiveExchange.class, "requestBytes");

    /**
     * What the listener knows of a request.
     *
     * @param interim sends a 1xx at once
     */
    public record Facts(
            String id,
            String listener,
            String scheme,
            String protocol,
            InetAddress client,
            InetSocketAddress peer,
            boolean peerTrusted,
            @Nullable Tls tls,
            boolean acceptsTrailers,
            BiConsumer<Integer, Headers> interim) {

        private Facts withoutInterim() {
            return new Facts(
                    id,
                    listener,
                    scheme,
                    protocol,
                    client,
                    peer,
                    peerTrusted,
                    tls,
                    acceptsTrailers,
                    (status, fields) -> {});
        }
    }

    private final Facts facts;
    private final Stay stay;
    private final java.util.function.Consumer<LiveExchange> onEnd;
    private final Instant startedAt;
    private final long startedNanos = System.nanoTime();
    private final Cancellation cancellation = new Cancellation();

    /** By slot: 0 for a step not entered, else one more than the times that it has called next. */
    final byte[] calls;

    /** What is recorded of it; null mostly. Steps and nodes of ordinary chains do not look at it. */
    private @Nullable Recording recording;

    /** Who observes it; null mostly. */
    private @Nullable Observation observation;

    /** The same where anybody wants to hear of steps. */
    private @Nullable Observation observationOfSteps;

    private @Nullable MonitoredExchange monitored;

    private @Nullable StepNode current;
    private int progress;
    private @Nullable Throwable failure;
    private @Nullable StepNode failedStep;

    private @Nullable String route;
    private Map<String, String> parameters = Map.of();
    private @Nullable String matchedPath;
    private @Nullable Consumer consumer;
    private @Nullable Map<Attribute<?>, Object> attributes;
    private @Nullable Attempt attempt;
    private @Nullable LiveTarget target;
    private @Nullable LiveTarget lastTarget;
    private @Nullable Set<LiveTarget> triedBefore;
    private @Nullable Duration attemptTimeout;
    private @Nullable TargetGroup judge;
    private @Nullable Body answer;
    private @Nullable Instant deadline;
    private @Nullable List<CompletionListener> listeners;
    private @Nullable List<Body> bodies;
    private long maxBody = Long.MAX_VALUE;

    /** By whichever thread reads the body; one at a time. */
    private volatile long requestBytes;

    private volatile long readAt = startedNanos;
    private long responseBytes;
    private boolean completed;
    private int status;
    private long tookNanos;

    /**
     * Begins an exchange on this thread; the caller has acquired the generation, and this releases it.
     *
     * @param onEnd called when nobody works for it any more
     */
    public LiveExchange(Facts facts, Generation generation, java.util.function.Consumer<LiveExchange> onEnd) {
        this.facts = facts;
        this.onEnd = onEnd;
        this.startedAt = generation.clock().instant();
        this.calls = new byte[generation.slots()];
        stay = new Stay(generation, cancellation);
    }

    @Override
    public String id() {
        return facts.id();
    }

    @Override
    public String listener() {
        return facts.listener();
    }

    @Override
    public @Nullable String route() {
        return route;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters;
    }

    void routed(String name, Map<String, String> pathParameters, @Nullable String path) {
        route = name;
        parameters = pathParameters;
        matchedPath = path;
    }

    @Override
    public @Nullable String matchedPath() {
        return matchedPath == null ? null : hide(matchedPath); // it may have come by a reference
    }

    @Override
    public boolean isPeerTrusted() {
        return facts.peerTrusted();
    }

    @Override
    public String scheme() {
        return facts.scheme();
    }

    @Override
    public String protocol() {
        return facts.protocol();
    }

    @Override
    public InetAddress client() {
        return facts.client();
    }

    @Override
    public InetSocketAddress peer() {
        return facts.peer();
    }

    @Override
    public @Nullable Tls tls() {
        return facts.tls();
    }

    /**
     * How an exchange for a copy of the request is begun: it has what is known by now, and nothing in common with this one from
     * then on. The result is for the thread that is to run the copy, and for a generation that it has acquired.
     */
    Function<Generation, LiveExchange> forACopy(Copies copies) {
        Facts same = facts.withoutInterim();
        String onRoute = route;
        Map<String, String> with = parameters;
        Consumer by = consumer;
        Map<Attribute<?>, Object> left = attributes == null ? null : new HashMap<>(attributes);
        return generation -> {
            LiveExchange copy = new LiveExchange(same, generation, copies::end);
            copy.route = onRoute;
            copy.parameters = with;
            copy.consumer = by;
            copy.attributes = left;
            copies.begin(copy);
            return copy;
        };
    }

    /** Whether the client takes trailer fields. */
    public boolean acceptsTrailers() {
        return facts.acceptsTrailers();
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
        return deadline;
    }

    void deadline(Instant instant) {
        deadline = instant;
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
        return attributes == null ? null : (T) attributes.get(key);
    }

    @Override
    public <T> void put(Attribute<T> key, T value) {
        if (attributes == null) {
            attributes = new HashMap<>();
        }
        attributes.put(key, key.type().cast(value));
    }

    @Override
    public @Nullable Attempt attempt() {
        return attempt;
    }

    /**
     * A try at another target begins; the one before is over.
     *
     * @param of hears how the target has done, unless that is {@link #judged} before
     */
    void attempt(Attempt next, LiveTarget at, TargetGroup of) {
        leaveTarget();
        if (lastTarget != null) {
            if (triedBefore == null) {
                triedBefore = new HashSet<>();
            }
            triedBefore.add(lastTarget);
        }
        attempt = next;
        target = at;
        lastTarget = at;
        judge = of;
        at.enter();
    }

    /** The targets that were tried so far. */
    Set<LiveTarget> tried() {
        LiveTarget last = lastTarget;
        if (last == null) {
            return Set.of();
        }
        Set<LiveTarget> all = triedBefore == null ? new HashSet<>() : new HashSet<>(triedBefore);
        all.add(last);
        return all;
    }

    @Override
    public void attemptTimeout(@Nullable Duration most) {
        if (most != null && !most.isPositive()) {
            throw new IllegalArgumentException("most: " + most + " (expected: above 0)");
        }
        attemptTimeout = most;
    }

    /** How long an attempt may wait for a connection, and for the head of the response; null for what its upstream says. */
    @Nullable
    Duration attemptTimeout() {
        return attemptTimeout;
    }

    /** The body of the target's answer, which may still break off. */
    void answeredWith(Body body) {
        register(body);
        answer = body;
    }

    /** It is known already how the target has done. */
    void judged() {
        judge = null;
    }

    /** The try at a target is over. */
    void leaveTarget() {
        LiveTarget left = target;
        if (left == null) {
            return;
        }
        target = null;
        left.leave();
        if (judge != null && answer != null) {
            IOException broken = answer instanceof BufferBody came ? came.brokenOff() : null;
            if (broken == null) {
                judge.succeeded(left);
            } else {
                judge.failed(left, String.valueOf(broken.getMessage()));
            }
        }
        judge = null;
        answer = null;
    }

    @Override
    public Next upstream(String name) {
        if (generation().other(name) == null) {
            return Exchange.super.upstream(name);
        }
        return request -> elsewhere(name, request);
    }

    private Response elsewhere(String name, Request request) throws Exception {
        if (!stay.isOfThisThread()) {
            throw new IllegalStateException("upstream " + name
                    + " was called from another thread, or after the exchange (expected: from its own)");
        }
        if (attempt != null && !request.body().isEmpty() && !request.body().isReplayable()) {
            throw new IllegalStateException("upstream " + name + " was called with a body that cannot be replayed"
                    + " (expected: none, or one made replayable by buffered(…), where it may have been sent before)");
        }
        Next way = Objects.requireNonNull(generation().other(name), name); // it goes on in none that has not got it
        return (recording == null ? way : Node.traced(way)).proceed(request);
    }

    @Override
    public void note(String name, Object value) {
        StepNode step = current;
        Recording notes = recording;
        if (notes != null) {
            notes.note(name, value);
        }
        Observation seen = observationOfSteps;
        if (seen != null) {
            seen.noted(name, value);
        }
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, "{0} {1}: {2}={3}", facts.id(), step == null ? "-" : step.name(), name, value);
        }
    }

    /** Has it recorded, from its way in to its end. */
    public void record(Recording by) {
        recording = by;
    }

    /**
     * Has it observed by those exporters of its generation that like to.
     *
     * @return what the steps get
     */
    public Request observe(Request request) {
        List<Exporter> exporters = generation().exporters();
        if (exporters.isEmpty()) {
            return request;
        }
        Observation seen = Observation.begin(exporters, request);
        if (seen != null) {
            observation = seen;
            observationOfSteps = seen.isOfSteps() ? seen : null;
            onComplete(seen::ended);
        }
        return seen == null ? request : seen.received(request);
    }

    /** What its chain has given, which is written now. */
    public void observed(Response response) {
        Observation seen = observation;
        if (seen != null) {
            seen.answered(response);
        }
    }

    /** Who observes it; null where nobody does. */
    @Nullable
    Observation observation() {
        return observation;
    }

    /** Who observes its steps; null where nobody does. */
    @Nullable
    Observation observationOfSteps() {
        return observationOfSteps;
    }

    /** Its way through its generation. */
    public Next entry() {
        Recording by = recording;
        Next entry = generation().entry();
        return by == null ? entry : recorded(entry, by);
    }

    private static Next recorded(Next entry, Recording by) {
        Next traced = Node.traced(entry);
        return request -> {
            Response response = traced.proceed(request);
            by.answered(response);
            return response;
        };
    }

    /** That of a request, also of one that a monitored step is shown. */
    static LiveExchange of(Request request) {
        return request.exchange() instanceof MonitoredExchange view ? view.live() : (LiveExchange) request.exchange();
    }

    /** The recording of an exchange that has one. */
    static Recording recordingOf(Request request) {
        return Objects.requireNonNull(((LiveExchange) request.exchange()).recording, "recording");
    }

    /** Whether it is still recorded, now that it has that route. */
    boolean isRecordedOn(String name) {
        Recording by = recording;
        if (by == null || by.routed(name)) {
            return by != null;
        }
        recording = null;
        return false;
    }

    /** This exchange as its monitored steps see it. */
    MonitoredExchange monitoredView() {
        MonitoredExchange view = monitored;
        if (view == null) {
            view = new MonitoredExchange(this);
            monitored = view;
        }
        return view;
    }

    /** The step that runs is monitored, and would have done that. */
    void monitored(Monitored would) {
        Recording by = recording;
        if (by != null) {
            by.monitored(would);
        }
    }

    /** The step that runs has failed and is skipped. */
    void skipped(String why) {
        Observation seen = observationOfSteps;
        if (seen != null) {
            seen.skipped();
        }
        Recording by = recording;
        if (by != null) {
            by.skipped(why);
        }
    }

    @Override
    public void onComplete(CompletionListener listener) {
        if (listeners == null) {
            listeners = new ArrayList<>(2);
        }
        listeners.add(listener);
    }

    @Override
    public void interim(int status, Headers headers) {
        if (status < 102 || status > 199) {
            throw new IllegalArgumentException("status: " + status + " (expected: 102 to 199)");
        }
        facts.interim().accept(status, headers);
    }

    /** The generation on which it began, or the later one to which it has moved. */
    public Generation generation() {
        return stay.generation();
    }

    /**
     * Moves it to a later generation that has all that it still needs, so that the one before may go. Its chain stays what
     * it is.
     *
     * @return false where it is over by now
     */
    public boolean moveTo(Generation later) {
        Observation seen = observation;
        if (seen != null) {
            seen.moved(later.exporters());
        }
        return stay.move(later);
    }

    /** Whether somebody who observes it would hear no more of it after a move to that generation. */
    public boolean losesObservers(Generation later) {
        Observation seen = observation;
        return seen != null && seen.loses(later.exporters());
    }

    /** The chain has returned: no step runs, and what is left is to pass on a body or a tunnel. */
    public void answered() {
        stay.answered();
        failure = null; // with its step it would keep the generation in memory
        failedStep = null;
    }

    /** Whether the chain has returned. */
    public boolean isAnswered() {
        return stay.isAnswered();
    }

    /** Has it end before its time, as cleanly as what is under way allows; once. */
    public void end(EndedEarlyException reason) {
        stay.end(reason);
    }

    /** Says how that is done from now on, for a tunnel; else it is by the cancellation. */
    public void endBy(java.util.function.Consumer<IOException> way) {
        stay.endBy(way);
    }

    /** Why it was made to end before its time; null where it was not. */
    public @Nullable IOException endedEarly() {
        return stay.ended();
    }

    /** Whether it has become a tunnel, which ends when its ends like. */
    public boolean isTunnel() {
        return stay.hasWay();
    }

    /** Interrupts its thread, while that still runs the chain or writes the response. */
    public void interrupt() {
        stay.interrupt();
    }

    /** Tells when nobody waits for the response any more. */
    public Cancellation cancellation() {
        return cancellation;
    }

    /** The thread that runs the chain. */
    public Thread thread() {
        return stay.thread();
    }

    /** The step that runs now; null outside of steps. For watchers: read without synchronisation. */
    public @Nullable StepNode current() {
        return current;
    }

    /** Grows whenever a step is entered or left. For watchers: read without synchronisation. */
    public int progress() {
        return progress;
    }

    /** Another step runs now; null: none. */
    void enter(@Nullable StepNode step) {
        current = step;
        progress++;
    }

    /** Remembers the innermost step that an exception came out of. */
    @SuppressWarnings("ReferenceEquality") // one and the same exception on its way out
    void failed(StepNode step, Throwable cause) {
        if (failure != cause) {
            failure = cause;
            failedStep = step;
        }
    }

    /** The innermost step that this exception came out of; null where none did. */
    @SuppressWarnings("ReferenceEquality") // one and the same exception on its way out
    @Nullable
    StepNode failedStep(Throwable cause) {
        return failure == cause ? failedStep : null;
    }

    /** Makes sure that a body is closed when the exchange is over. */
    public void register(Body body) {
        if (bodies == null) {
            bodies = new ArrayList<>(2);
        }
        bodies.add(body);
    }

    /** Runs work for this exchange on a virtual thread of its own, which holds the generation meanwhile. */
    public Executor runner() {
        return task -> {
            hold();
            Thread.startVirtualThread(() -> {
                try {
                    task.run();
                } finally {
                    release();
                }
            });
        };
    }

    /** One more thread works for it. Only while another one holds it. */
    public void hold() {
        stay.hold();
    }

    /** The thread that runs the chain has done its part. */
    public void leave() {
        progress++; // whatever its thread does from now on is not of this exchange
        stay.leave();
        release();
    }

    /** A thread has left; the last one releases the generation. */
    public void release() {
        if (stay.release()) {
            onEnd.accept(this);
            stay.generation().release();
        }
    }

    /** Sets how many bytes the request's body may have; before anybody else reads it. */
    public void limitBody(long most) {
        maxBody = most;
    }

    /** How many bytes the request's body may have. */
    public long maxBody() {
        return maxBody;
    }

    /** Grows with each byte that passes, of the request's body and of the response's. For watchers: not exact. */
    public long passed() {
        return requestBytes + responseBytes;
    }

    /** Counts bytes read of the request's body. */
    public void readBytes(long count) {
        REQUEST_BYTES.addAndGet(this, count);
        readAt = System.nanoTime();
    }

    /** The time between two instants, without what passed until the last byte was read of the request's body. */
    long sinceBody(long from, long to) {
        long read = readAt;
        return to - (read - from > 0 ? read : from);
    }

    /** Counts bytes written of the response's body. */
    public void wroteBytes(long count) {
        responseBytes += count;
    }

    /** Ends it: stops whoever still works for it, closes its bodies, tells its listeners. */
    public void complete(int finalStatus, Completion.Outcome outcome, @Nullable String why) {
        if (completed) {
            return;
        }
        completed = true;
        status = finalStatus;
        tookNanos = System.nanoTime() - startedNanos;
        leaveTarget();
        cancellation.cancel(new ExchangeOverException());
        if (bodies != null) {
            for (Body body : bodies) {
                close(body);
            }
        }
        if (listeners == null) {
            return;
        }
        String shown = why == null ? null : hide(why);
        Completion completion =
                new Completion(status, requestBytes, responseBytes, Duration.ofNanos(tookNanos), outcome, shown);
        for (CompletionListener listener : listeners.reversed()) {
            try {
                listener.completed(completion);
            } catch (Throwable t) { // a plugin's, and the exchange is over: all that is left is to say so
                LOG.log(Level.WARNING, "{0}: a completion listener failed: {1}", facts.id(), t.toString());
            }
        }
    }

    /** The status with which it has ended; 0 before. */
    public int status() {
        return status;
    }

    /** How long it took to its end, in nanoseconds; 0 before. */
    public long tookNanos() {
        return tookNanos;
    }

    /** A text for logs, without the secrets of the configuration that it runs on. */
    String hide(String text) {
        return generation().config().hide(text);
    }

    private void close(Body body) {
        try {
            body.close();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "{0}: closing a body failed: {1}", facts.id(), e.toString());
        }
    }
}
