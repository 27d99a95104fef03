package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.config.Percent;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings for tests: a window of 4 calls, open for 30 s, 2 calls to try. */
final class Configs {

    private Configs() {}

    static CircuitBreakerConfig usual() {
        return per(null);
    }

    static CircuitBreakerConfig per(@Nullable Per per) {
        return config("4", null, null, per, EnumSet.allOf(Failure.class));
    }

    static CircuitBreakerConfig window(String window, int minimumCalls) {
        return config(window, minimumCalls, null, null, EnumSet.allOf(Failure.class));
    }

    static CircuitBreakerConfig slowAfter(Duration slowAfter) {
        return config("4", null, slowAfter, null, EnumSet.allOf(Failure.class));
    }

    static CircuitBreakerConfig failures(Set<Failure> failures) {
        return config("4", null, null, null, failures);
    }

    static CircuitBreakerConfig sharedBy(String store) {
        return config("4", null, null, null, EnumSet.allOf(Failure.class), store);
    }

    private static CircuitBreakerConfig config(
            String window,
            @Nullable Integer minimumCalls,
            @Nullable Duration slowAfter,
            @Nullable Per per,
            Set<Failure> failures) {
        return config(window, minimumCalls, slowAfter, per, failures, "memory");
    }

    private static CircuitBreakerConfig config(
            String window,
            @Nullable Integer minimumCalls,
            @Nullable Duration slowAfter,
            @Nullable Per per,
            Set<Failure> failures,
            String store) {
        return new CircuitBreakerConfig(
                Percent.parse("50%"),
                null,
                slowAfter,
                Window.parse(window),
                minimumCalls,
                Duration.ofSeconds(30),
                2,
                per,
                List.of(500, 502, 503, 504),
                failures,
                store);
    }
}
