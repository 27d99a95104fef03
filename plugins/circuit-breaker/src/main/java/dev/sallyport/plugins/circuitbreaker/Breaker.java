package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Exchange;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One circuit. Thread-safe. */
final class Breaker {

    /** How often calls keep what they come to. */
    private static final Duration KEPT_EVERY = Duration.ofSeconds(1);

    private final CircuitBreaker circuit;
    private final Duration openFor;
    private final Clock clock;
    private final Kept kept;
    private final Transitions transitions;
    private final boolean first;
    private final LongAdder refused = new LongAdder();
    private volatile Seen seen;
    private volatile Instant lastUsed;
    private volatile Instant keepAt = Instant.MIN;

    /** What it was given of the counts of the instance before it. */
    private Counts gone = Counts.NONE;

    /** A circuit that goes on where the instance before this one was, if there was one. */
    Breaker(CircuitBreaker circuit, Duration openFor, Clock clock, Kept kept, Transitions transitions) {
        this.circuit = circuit;
        this.openFor = openFor;
        this.clock = clock;
        this.kept = kept;
        this.transitions = transitions;
        lastUsed = clock.instant();
        seen = new Seen(circuit.getState(), lastUsed, Instant.EPOCH);
        Kept.Entry before = kept.peek();
        first = before == null;
        if (before != null) {
            goOn(before, before.counts());
            gone = before.counts();
        }
    }

    /** Asks to make a call; null where the circuit is open. A call that was given must be ended, one way or another. */
    @Nullable
    Call tryCall(Exchange exchange) {
        Instant now = clock.instant();
        lastUsed = now;
        if (now.isAfter(keepAt)) {
            keep(now);
        }
        boolean permitted = circuit.tryAcquirePermission();
        watch();
        if (!permitted) {
            refused.increment();
            exchange.note("circuit", circuit.getState() == State.FORCED_OPEN ? "forced-open" : "open");
            return null;
        }
        if (circuit.getState() == State.HALF_OPEN) {
            exchange.note("circuit", "half-open");
        }
        return new Call();
    }

    /** From now on it is that; null: what its calls say, from closed on. */
    void force(@Nullable Forced forced) {
        if (forced != null || standing().forced() != null) {
            become(Standing.of(forced), false);
        }
    }

    /** From now on it stands as another gateway says. */
    void follow(Standing standing) {
        become(standing, true);
    }

    /** Whether what was said of all circuits then is news to this one. */
    boolean isOlderThan(Instant said) {
        return first || seen.since.isBefore(said);
    }

    /** How it stands, for others. */
    Standing standing() {
        Seen now = seen;
        return Standing.of(now.state, now.openUntil);
    }

    /** Leaves what it has come to, for the instance that takes its place. */
    void close() {
        kept.close(entry());
    }

    private void become(Standing standing, boolean told) {
        Seen before;
        Seen after;
        synchronized (this) {
            before = seen;
            stand(standing);
            after = seen;
        }
        if (!after.equals(before)) {
            changed(before.state, after.state, told);
        }
    }

    private synchronized void stand(Standing standing) {
        if (standing.equals(standing())) {
            return;
        }
        Instant now = clock.instant();
        switch (standing.state()) {
            case FORCED_OPEN -> circuit.transitionToForcedOpenState();
            case METRICS_ONLY -> circuit.transitionToMetricsOnlyState(); // counts on, and does nothing about it
            case OPEN -> {
                if (circuit.getState() == State.METRICS_ONLY) {
                    circuit.transitionToClosedState(); // there is no other way
                }
                Duration left = Duration.between(now, standing.openUntil());
                if (left.isPositive()) {
                    // Clocks of gateways differ; none keeps a circuit open for longer than its settings say.
                    circuit.transitionToOpenStateFor(left.compareTo(openFor) < 0 ? left : openFor);
                } else {
                    circuit.transitionToOpenStateFor(openFor); // half open can be only what was open
                    circuit.transitionToHalfOpenState();
                }
            }
            case CLOSED, DISABLED, HALF_OPEN -> circuit.transitionToClosedState();
        }
        seen = new Seen(circuit.getState(), now, standing.state() == State.OPEN ? standing.openUntil() : Instant.EPOCH);
    }

    /** Counts what another instance has counted. */
    private void replay(Counts counts) {
        Duration slow = circuit.getCircuitBreakerConfig().getSlowCallDurationThreshold();
        boolean anySlow = slow.compareTo(Duration.ofDays(1)) <= 0; // without slowAfter none is
        Exception why = new Exception("a call that another instance has counted");
        counts.replay((failed, wasSlow) -> {
            long nanos = wasSlow && anySlow ? slow.toNanos() + 1 : 0;
            if (failed) {
                circuit.onError(nanos, TimeUnit.NANOSECONDS, why);
            } else {
                circuit.onSuccess(nanos, TimeUnit.NANOSECONDS);
            }
        });
        watch();
    }

    /** Keeps what its calls have come to, and counts what the instance before this one has left. */
    private void keep(Instant now) {
        keepAt = now.plus(KEPT_EVERY);
        if (!kept.isTaken()) {
            takeOver();
        }
        Counts left = kept.left();
        if (left != null && isCounting(seen.state)) {
            replay(left);
        }
        kept.write(entry());
    }

    /** With its first call: what the other one has come to since this one was made is this one's too. */
    private synchronized void takeOver() {
        if (kept.isTaken()) {
            return;
        }
        Kept.Entry before = kept.take();
        if (before != null && seen.state == State.CLOSED) {
            goOn(before, before.counts().minus(gone));
        }
    }

    private void goOn(Kept.Entry before, Counts counts) {
        stand(before.standing());
        seen = new Seen(seen.state, before.since(), seen.openUntil);
        replay(counts);
    }

    private Kept.Entry entry() {
        Seen now = seen;
        return new Kept.Entry(
                Standing.of(now.state, now.openUntil),
                isCounting(now.state) ? Counts.of(circuit.getMetrics()) : Counts.NONE,
                now.since);
    }

    private static boolean isCounting(State state) {
        return state == State.CLOSED || state == State.METRICS_ONLY;
    }

    /** How it stands, as people see it. */
    Map<String, Object> told() {
        CircuitBreaker.Metrics metrics = circuit.getMetrics();
        Seen now = seen;
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("state", word(circuit.getState()));
        told.put("since", now.since);
        if (isOpen() && now.state == State.OPEN) {
            told.put("until", now.openUntil);
        }
        told.put("calls", metrics.getNumberOfBufferedCalls());
        told.put("failed", metrics.getNumberOfFailedCalls());
        told.put("slow", metrics.getNumberOfSlowCalls());
        told.put("refused", refused());
        return told;
    }

    /** How many calls it has refused so far. */
    long refused() {
        return refused.sum();
    }

    /** A state in our words. */
    static String word(State state) {
        return switch (state) {
            case CLOSED, DISABLED -> "closed";
            case OPEN -> "open";
            case HALF_OPEN -> "half-open";
            case FORCED_OPEN -> "forced-open";
            case METRICS_ONLY -> "forced-closed";
        };
    }

    /** How long the circuit still stays open; zero where it waits for the calls that try it. */
    Duration retryAfter() {
        Seen now = seen;
        if (now.state == State.FORCED_OPEN) {
            return openFor; // nobody knows, and that is how long one waits here
        }
        Duration left = Duration.between(clock.instant(), now.openUntil);
        return now.state != State.OPEN || left.isNegative() ? Duration.ZERO : left;
    }

    /** What a call would meet: null where it is let through as ever, else in words. */
    @Nullable
    String obstacle() {
        return switch (circuit.getState()) {
            case FORCED_OPEN -> "is forced open";
            case OPEN ->
                isOpen() ? "is open for another " + retryAfter().toMillis() + " ms" : "is open, and would be tried";
            case HALF_OPEN -> "is half open: a few calls try it, others are refused";
            case CLOSED, DISABLED, METRICS_ONLY -> null;
        };
    }

    /** Whether a call is refused for certain. */
    boolean isOpen() {
        State state = seen.state;
        return state == State.FORCED_OPEN
                || (state == State.OPEN && !retryAfter().isZero());
    }

    /** What logs and metrics call it. */
    String name() {
        return circuit.getName();
    }

    State state() {
        return circuit.getState();
    }

    Instant lastUsed() {
        return lastUsed;
    }

    /** Tells of a change of state. Resilience4j's own events would cost an object and a time stamp for each call. */
    private void watch() {
        if (circuit.getState() == seen.state) {
            return;
        }
        Seen before;
        State state;
        synchronized (this) {
            before = seen;
            state = circuit.getState();
            if (state == before.state) {
                return;
            }
            Instant now = clock.instant();
            seen = new Seen(state, now, openUntil(state, now, before));
        }
        changed(before.state, state, false);
    }

    private Instant openUntil(State state, Instant now, Seen before) {
        return switch (state) {
            case OPEN -> now.plus(openFor);
            case HALF_OPEN -> before.openUntil; // for others it is open still, and its time is over
            case CLOSED, FORCED_OPEN, METRICS_ONLY, DISABLED -> Instant.EPOCH;
        };
    }

    private void changed(State from, State to, boolean told) {
        kept.write(entry());
        transitions.changed(this, from, to, told);
    }

    /** Hears of changes. */
    @FunctionalInterface
    interface Transitions {

        /**
         * A circuit is in another state.
         *
         * @param told whether another gateway has said so
         */
        void changed(Breaker breaker, State from, State to, boolean told);
    }

    private record Seen(State state, Instant since, Instant openUntil) {}

    /** One call that was let through. It is ended once. */
    final class Call {

        /**
         * Each state but open has an object of its own that counts. While it is the same, the circuit is in the state in
         * which this call began; a call that began before the circuit opened must not decide whether it closes.
         */
        private final CircuitBreaker.Metrics began = circuit.getMetrics();

        void succeeded(Duration took) {
            if (isCurrent()) {
                circuit.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
                watch();
            }
        }

        void failed(Duration took, Throwable why) {
            if (isCurrent()) {
                circuit.onError(took.toNanos(), TimeUnit.NANOSECONDS, why);
                watch();
            }
        }

        /** Ends it without a verdict: what happened says nothing about the far end. */
        void dismissed() {
            if (isCurrent()) {
                circuit.releasePermission();
            }
        }

        @SuppressWarnings("ReferenceEquality") // the same object, not an equal one
        private boolean isCurrent() {
            return circuit.getMetrics() == began;
        }
    }
}
