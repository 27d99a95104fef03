package dev.sallyport.plugins.retry;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.Size;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record RetryConfig(
        @Doc("How often a request is tried in all, the first time included.") @Default("3") @Min(2) @Max(10)
        int attempts,

        @Doc("The methods that may be repeated after the upstream has seen the request.")
        @Default("[GET, HEAD, OPTIONS, PUT, DELETE, TRACE]")
        Set<String> methods,

        @Doc("The failures after which a request is repeated: connect, reset, timeout, protocol, unavailable.")
        @Default("[connect, reset, timeout]")
        Set<Failure> failures,

        @Doc("The statuses after which a request is repeated.") @Default("[502, 503, 504]")
        Set<Integer> statuses,

        @Doc("How long each try waits for a connection, and then for the head of the response; the upstream's timeouts"
                + " if not given.")
        @Min(1)
        @Nullable
        Duration tryTimeout,

        @Doc("The longest pause before the second try; before each further one it may be twice as long. Each pause is"
                + " drawn between nothing and that.")
        @Default("25ms")
        @Min(1)
        @Max(60_000)
        Duration backoff,

        @Doc("The longest pause before any try.") @Default("250ms") @Min(1) @Max(60_000)
        Duration maxBackoff,

        @Doc("How long is waited at most for a Retry-After; where it says more, the request is not repeated.")
        @Default("2s")
        @Min(0)
        @Max(60_000)
        Duration maxRetryAfter,

        @Doc("How many repetitions there may be, as a share of all requests of the step.") @Default("20%")
        Percent budget,

        @Doc("How many repetitions are at hand beyond that, before the share has come together.")
        @Default("50")
        @Min(0)
        @Max(1_000_000)
        int reserve,

        @Doc("The longest body of a request that is kept to be sent again; a longer one is sent once.")
        @Default("64KiB")
        Size maxBody) {

    private static final long MOST_BODY = 64L << 20;

    public RetryConfig {
        methods = Set.copyOf(methods);
        failures = Set.copyOf(failures);
        statuses = Set.copyOf(statuses);
        for (int status : statuses) {
            if (status < 400 || status > 599) {
                throw new ConfigException("statuses", status + " (expected: 400 to 599)");
            }
        }
        for (String method : List.copyOf(methods)) {
            if (!method.matches("[A-Z][A-Z-]*")) {
                throw new ConfigException("methods", method + " (expected: a method such as GET)");
            }
        }
        if (failures.isEmpty() && statuses.isEmpty()) {
            throw new ConfigException("failures", "none, and no statuses (expected: one of them)");
        }
        if (maxBackoff.compareTo(backoff) < 0) {
            throw new ConfigException("maxBackoff", maxBackoff + " (expected: at least backoff)");
        }
        if (maxBody.bytes() > MOST_BODY) {
            throw new ConfigException("maxBody", maxBody + " (expected: at most 64MiB)");
        }
    }
}
