package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Percent;
import dev.sallyport.api.config.StoreName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record CircuitBreakerConfig(
        @Doc("The circuit opens when this share of the calls in the window has failed.") @Default("50%")
        Percent failureRate,

        @Doc("The circuit opens when this share of the calls in the window was slow; 50% where slowAfter is given.")
        @Nullable
        Percent slowRate,

        @Doc("From when on a call is slow, measured to the head of its response; without it, none is.")
        @Min(1)
        @Nullable
        Duration slowAfter,

        @Doc("The calls to look back on: the last so many (100), or those of the last time (30s).") @Default("100")
        Window window,

        @Doc("How many calls the window must have before it is judged; 20, or a smaller window's size.")
        @Min(1)
        @Max(100_000)
        @Nullable
        Integer minimumCalls,

        @Doc("How long the circuit stays open before calls are tried again.") @Default("30s") @Min(1) @Max(86_400_000)
        Duration openFor,

        @Doc("How many calls are let through then; when they, or minimumCalls of them, have ended, they decide"
                + " whether the circuit closes or opens again.")
        @Default("5")
        @Min(1)
        @Max(1_000)
        int halfOpenCalls,

        @Doc("For what there is a breaker: under a route that (route); under an upstream each of its targets"
                + " (target, the default), or all of them together (upstream).")
        @Nullable
        Per per,

        @Doc("The statuses of responses that count as failures.") @Default("[500, 502, 503, 504]")
        List<Integer> statuses,

        @Doc("Where there is no response, what counts as a failure: connect, reset, timeout, protocol, unavailable.")
        @Default("[connect, reset, timeout, protocol, unavailable]")
        Set<Failure> failures,

        @Doc("Where the states of the circuits are kept: memory, this gateway's own; or the name of a service that"
                + " several gateways share, which then open, close and are forced together.")
        @Default("memory")
        @StoreName
        String store) {

    private static final Percent HALF = new Percent(50);
    private static final int ENOUGH_CALLS = 20;

    public CircuitBreakerConfig {
        statuses = List.copyOf(statuses);
        failures = Set.copyOf(failures);
        if (statuses.isEmpty() && failures.isEmpty() && slowAfter == null) {
            throw new ConfigException(
                    "failures", "none (expected: some, statuses, or slowAfter: nothing would open it)");
        }
        for (int status : statuses) {
            if (status < 400 || status > 599) {
                throw new ConfigException("statuses", status + " (expected: 400 to 599)");
            }
        }
        if (slowRate != null && slowAfter == null) {
            throw new ConfigException("slowRate", slowRate + " (expected: together with slowAfter)");
        }
        if (minimumCalls != null && window.unit() == Window.Unit.CALLS && minimumCalls > window.size()) {
            throw new ConfigException(
                    "minimumCalls", minimumCalls + " (expected: at most the " + window + " calls of the window)");
        }
    }

    /** The share of slow calls that opens the circuit, where any call is slow. */
    Percent slowShare() {
        return slowRate == null ? HALF : slowRate;
    }

    /** How many calls are enough to judge. */
    int enoughCalls() {
        if (minimumCalls != null) {
            return minimumCalls;
        }
        return window.unit() == Window.Unit.CALLS ? Math.min(ENOUGH_CALLS, window.size()) : ENOUGH_CALLS;
    }
}
