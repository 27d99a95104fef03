package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Command;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Store;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The breakers of one step, by name. Thread-safe. */
final class Breakers {

    /** Targets come and go with discovery; beyond so many the breakers used longest ago are forgotten. */
    static final int MOST = 1_000;

    /** The store that is always there. */
    private static final String MEMORY = "memory";

    /** The name of what people have said of all of them. */
    private static final String ALL = "*";

    /** As many fit on a page. */
    private static final int MOST_TOLD = 100;

    private static final AttributeKey<String> TARGET = AttributeKey.stringKey("target");

    private final Map<String, Breaker> byName = new ConcurrentHashMap<>();
    private final io.github.resilience4j.circuitbreaker.CircuitBreakerConfig settings;
    private final Duration openFor;
    private final Clock clock;
    private final Breaker.Transitions transitions;
    private final Function<String, Kept> kept;
    private final @Nullable Shared shared;

    /** What people have said of all of them, also those to come. */
    private volatile Kept.Entry all;

    /** Their states are this gateway's own, where the store is its memory; else shared with the gateways that have it. */
    Breakers(CircuitBreakerConfig config, FilterContext context, Breaker.Transitions transitions) {
        this.settings = settings(config, context.clock());
        this.openFor = config.openFor();
        this.clock = context.clock();
        this.transitions = transitions;
        Store memory = context.store(MEMORY);
        String key = context.key();
        Duration window = config.window().time();
        kept = name -> new Kept(memory, key + " " + name, window);
        Kept.Entry before = kept.apply(ALL).peek();
        all = before == null ? new Kept.Entry(Standing.CLOSED, Counts.NONE, Instant.EPOCH) : before;
        shared = config.store().equals(MEMORY)
                ? null
                : new Shared(
                        context.store(config.store()), key, clock, context.threads(), this::standing, this::follow);
        if (shared != null) {
            var _ = context.scheduler()
                    .scheduleWithFixedDelay(shared::meet, 0, Shared.EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
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
        if (on == null) {
            forceAll(Standing.of(to));
            if (shared != null) {
                shared.changed(ALL);
            }
        }
        meant.forEach(breaker -> breaker.force(to));
        String what = on == null ? "each circuit" : "the circuit of " + on;
        return to == null
                ? what + " follows its calls"
                : what + " is forced " + (to == Forced.OPEN ? "open" : "closed");
    }

    private void forceAll(Standing to) {
        all = new Kept.Entry(to, Counts.NONE, clock.instant());
        kept.apply(ALL).write(all);
    }

    /** How one stands; null where there is none of that name. */
    private @Nullable Standing standing(String name) {
        if (name.equals(ALL)) {
            return all.standing();
        }
        Breaker breaker = byName.get(name);
        return breaker == null ? null : breaker.standing();
    }

    /** Another gateway has said so. */
    private void follow(String name, Standing to) {
        if (name.equals(ALL)) {
            forceAll(to);
            return;
        }
        Breaker breaker = byName.get(name);
        if (breaker != null) {
            breaker.follow(to);
        }
    }

    /** Leaves what they have come to, for the instance that takes the place of this one. */
    void close() {
        byName.values().forEach(Breaker::close);
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
            Breaker made = new Breaker(
                    CircuitBreaker.of(shown, settings),
                    openFor,
                    clock,
                    kept.apply(key),
                    (each, from, to, told) -> changed(key, each, from, to, told));
            Standing elsewhere = shared == null ? null : shared.find(key);
            if (elsewhere != null) {
                made.follow(elsewhere);
            }
            if ((elsewhere == null || elsewhere.isClosed()) && made.isOlderThan(all.since())) {
                made.force(all.standing().forced());
            }
            return made;
        });
        if (byName.size() > MOST) {
            forgetOldest();
        }
        return breaker;
    }

    private void changed(String name, Breaker breaker, State from, State to, boolean told) {
        transitions.changed(breaker, from, to, told);
        if (shared != null && !told) {
            shared.changed(name);
        }
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
