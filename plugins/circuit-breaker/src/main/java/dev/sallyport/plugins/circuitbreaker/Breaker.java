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
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One circuit. Thread-safe. */
final class Breaker {

    private final CircuitBreaker circuit;
    private final Duration openFor;
    private final Clock clock;
    private final Transitions transitions;
    private final AtomicReference<Seen> seen;
    private final LongAdder refused = new LongAdder();
    private volatile Instant lastUsed;

    Breaker(CircuitBreaker circuit, Duration openFor, Clock clock, Transitions transitions) {
        this.circuit = circuit;
        this.openFor = openFor;
        this.clock = clock;
        this.transitions = transitions;
        this.seen = new AtomicReference<>(new Seen(circuit.getState(), clock.instant(), Instant.MIN));
        this.lastUsed = clock.instant();
    }

    /** Asks to make a call; null where the circuit is open. A call that was given must be ended, one way or another. */
    @Nullable
    Call tryCall(Exchange exchange) {
        lastUsed = clock.instant();
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
        State state = circuit.getState();
        if (forced == Forced.OPEN && state != State.FORCED_OPEN) {
            circuit.transitionToForcedOpenState();
        } else if (forced == Forced.CLOSED && state != State.METRICS_ONLY) {
            circuit.transitionToMetricsOnlyState(); // counts on, and does nothing about it
        } else if (forced == null && (state == State.FORCED_OPEN || state == State.METRICS_ONLY)) {
            circuit.transitionToClosedState();
        }
        watch();
    }

    /** How it stands, as people see it. */
    Map<String, Object> told() {
        CircuitBreaker.Metrics metrics = circuit.getMetrics();
        Seen now = seen.get();
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
        Seen now = seen.get();
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
        State state = seen.get().state;
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
        State state = circuit.getState();
        Seen before = seen.get();
        if (state != before.state) {
            Instant now = clock.instant();
            Instant openUntil = state == State.OPEN ? now.plus(openFor) : Instant.MIN;
            if (seen.compareAndSet(before, new Seen(state, now, openUntil))) {
                transitions.changed(circuit.getName(), before.state, state);
            }
        }
    }

    /** Hears of changes. */
    @FunctionalInterface
    interface Transitions {
        void changed(String name, State from, State to);
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
