package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Command;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The breakers of one step, by name. Thread-safe. */
final class Breakers {

    /** Targets come and go with discovery; beyond so many the breakers used longest ago are forgotten. */
    static final int MOST = 1_000;

    /** As many fit on a page. */
    private static final int MOST_TOLD = 100;

    private static final AttributeKey<String> TARGET = AttributeKey.stringKey("target");

    private final Map<String, Breaker> byName = new ConcurrentHashMap<>();
    private final io.github.resilience4j.circuitbreaker.CircuitBreakerConfig settings;
    private final Duration openFor;
    private final Clock clock;
    private final Breaker.Transitions transitions;

    /** What all of them are to be, also those to come; null: what their calls say. */
    private volatile @Nullable Forced forced;

    Breakers(CircuitBreakerConfig config, Clock clock, Breaker.Transitions transitions) {
        this.settings = settings(config, clock);
        this.openFor = config.openFor();
        this.clock = clock;
        this.transitions = transitions;
    }

    Breaker of(String name) {
        return of(name, name);
    }

    /** @param shown what logs call it */
    Breaker of(String name, String shown) {
        Breaker breaker = byName.get(name);
        return breaker != null ? breaker : make(name, shown);
    }

    /** The one of that name; null where nothing has been called under it. */
    @Nullable
    Breaker find(String name) {
        return byName.get(name);
    }

    /** What calls under some of the names would meet, in words. */
    List<String> obstacles() {
        return byName.values().stream()
                .filter(breaker -> breaker.obstacle() != null)
                .map(breaker -> "the circuit of " + breaker.name() + " " + breaker.obstacle())
                .sorted()
                .toList();
    }

    /** How they stand, as people see it: those first that are not closed, and the ones used last. */
    Map<String, Object> told() {
        Map<String, Object> told = new LinkedHashMap<>();
        byName.values().stream()
                .sorted(Comparator.comparing((Breaker breaker) -> breaker.obstacle() == null)
                        .thenComparing(Breaker::lastUsed, Comparator.reverseOrder()))
                .limit(MOST_TOLD)
                .forEach(breaker -> told.put(breaker.name(), breaker.told()));
        return told;
    }

    /** What they can be told. */
    List<Command> commands() {
        return List.of(
                new Command("open", "Refuses all calls until told otherwise.", on -> force(Forced.OPEN, on)),
                new Command("close", "Lets all calls through until told otherwise.", on -> force(Forced.CLOSED, on)),
                new Command("auto", "Leaves it to what the calls come to, from closed on.", on -> force(null, on)));
    }

    private String force(@Nullable Forced to, @Nullable String on) {
        if (on == null) {
            forced = to;
        }
        List<Breaker> meant = byName.entrySet().stream()
                .filter(entry -> on == null
                        || entry.getKey().equals(on)
                        || entry.getValue().name().equals(on))
                .map(Map.Entry::getValue)
                .toList();
        if (on != null && meant.isEmpty()) {
            throw new IllegalArgumentException(on + " (expected: one of "
                    + byName.values().stream()
                            .map(Breaker::name)
                            .sorted()
                            .limit(MOST_TOLD)
                            .toList()
                    + ", to which calls have gone)");
        }
        meant.forEach(breaker -> breaker.force(to));
        String what = on == null ? "each circuit" : "the circuit of " + on;
        return to == null
                ? what + " follows its calls"
                : what + " is forced " + (to == Forced.OPEN ? "open" : "closed");
    }

    int size() {
        return byName.size();
    }

    /**
     * Tells the state of each: 0 closed, 1 half open, 2 open.
     *
     * @param step the name of the one that is for no target
     */
    void record(ObservableLongMeasurement states, String step) {
        byName.forEach((name, breaker) -> states.record(
                switch (breaker.state()) {
                    case OPEN, FORCED_OPEN -> 2;
                    case HALF_OPEN -> 1;
                    case CLOSED, DISABLED, METRICS_ONLY -> 0;
                },
                attributes(name, breaker, step)));
    }

    /** Tells how many calls each has refused. */
    void recordRefused(ObservableLongMeasurement refused, String step) {
        byName.forEach((name, breaker) -> refused.record(breaker.refused(), attributes(name, breaker, step)));
    }

    private static Attributes attributes(String name, Breaker breaker, String step) {
        return name.equals(step) ? Attributes.empty() : Attributes.of(TARGET, breaker.name());
    }

    private Breaker make(String name, String shown) {
        Breaker breaker = byName.computeIfAbsent(name, key -> {
            Breaker made = new Breaker(CircuitBreaker.of(shown, settings), openFor, clock, transitions);
            made.force(forced);
            return made;
        });
        if (byName.size() > MOST) {
            forgetOldest();
        }
        return breaker;
    }

    private synchronized void forgetOldest() {
        byName.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().lastUsed()))
                .limit(Math.max(0, byName.size() - MOST))
                .toList()
                .forEach(entry -> byName.remove(entry.getKey(), entry.getValue()));
    }

    /** Every setting is stated, none left to the library's defaults. */
    private static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig settings(
            CircuitBreakerConfig config, Clock clock) {
        Duration slowAfter = config.slowAfter();
        return io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.custom()
                .failureRateThreshold((float) config.failureRate().value())
                .slowCallDurationThreshold(slowAfter == null ? Duration.ofNanos(Long.MAX_VALUE) : slowAfter)
                .slowCallRateThreshold((float) config.slowShare().value())
                .slidingWindow(
                        config.window().size(),
                        config.enoughCalls(),
                        config.window().unit() == Window.Unit.CALLS
                                ? SlidingWindowType.COUNT_BASED
                                : SlidingWindowType.TIME_BASED,
                        SlidingWindowSynchronizationStrategy.SYNCHRONIZED)
                .waitDurationInOpenState(config.openFor())
                .permittedNumberOfCallsInHalfOpenState(config.halfOpenCalls())
                // Both of these would start a thread in a static field, which keeps the plugin's classes for ever. They
                // are not needed: the next call opens the circuit half, and each call that tries it is ended.
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .maxWaitDurationInHalfOpenState(Duration.ZERO)
                .transitionToStateAfterWaitDuration(CircuitBreaker.State.OPEN)
                .initialState(CircuitBreaker.State.CLOSED)
                .recordException(failure -> true) // the filter passes on only what counts
                .ignoreException(failure -> false)
                .ignoreExceptionsPrecedenceEnabled(false)
                .recordResult(result -> false)
                .writableStackTraceEnabled(false)
                .clock(clock)
                .currentTimestampFunction(time -> TimeUnit.MILLISECONDS.toNanos(time.millis()), TimeUnit.NANOSECONDS)
                .build();
    }
}
