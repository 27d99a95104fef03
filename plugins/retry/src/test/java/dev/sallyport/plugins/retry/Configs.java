package dev.sallyport.plugins.retry;

import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Size;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings for tests: those that are usual, but for what is said. */
final class Configs {

    private int attempts = 3;
    private Set<String> methods = Set.of("GET", "PUT");
    private Set<Failure> failures = Set.of(Failure.CONNECT, Failure.RESET, Failure.TIMEOUT);
    private Set<Integer> statuses = Set.of(502, 503, 504);
    private @Nullable Duration tryTimeout;
    private Duration backoff = Duration.ofMillis(25);
    private Duration maxBackoff = Duration.ofMillis(250);
    private String budget = "20%";
    private int reserve = 50;
    private int maxBody = 8;

    private Configs() {}

    static Configs usual() {
        return new Configs();
    }

    Configs attempts(int newAttempts) {
        attempts = newAttempts;
        return this;
    }

    Configs methods(String... newMethods) {
        methods = Set.of(newMethods);
        return this;
    }

    Configs failures(Failure... newFailures) {
        failures = Set.of(newFailures);
        return this;
    }

    Configs statuses(Integer... newStatuses) {
        statuses = Set.of(newStatuses);
        return this;
    }

    Configs tryTimeout(Duration newTimeout) {
        tryTimeout = newTimeout;
        return this;
    }

    Configs backoff(Duration first, Duration most) {
        backoff = first;
        maxBackoff = most;
        return this;
    }

    Configs budget(String share, int newReserve) {
        budget = share;
        reserve = newReserve;
        return this;
    }

    Configs maxBody(int bytes) {
        maxBody = bytes;
        return this;
    }

    RetryConfig get() {
        return new RetryConfig(
                attempts,
                methods,
                failures,
                statuses,
                tryTimeout,
                backoff,
                maxBackoff,
                Duration.ofSeconds(2),
                Percent.parse(budget),
                reserve,
                new Size(maxBody));
    }
}
