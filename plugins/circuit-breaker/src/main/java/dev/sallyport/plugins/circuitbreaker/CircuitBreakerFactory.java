package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;

/** Makes the steps of type {@code circuit-breaker}. */
@Doc("Stops calling an upstream, or one target of it, that keeps failing, and tries it again after a time.")
@Type(value = "circuit-breaker", replayable = true)
public final class CircuitBreakerFactory implements FilterFactory<CircuitBreakerConfig> {

    private static final String UPSTREAM = "upstream:";

    @Override
    public Filter create(CircuitBreakerConfig config, FilterContext context) {
        boolean ofAttempt = context.route().startsWith(UPSTREAM);
        if (ofAttempt == (config.per() == Per.ROUTE) && config.per() != null) {
            throw new ConfigException(
                    "per",
                    ofAttempt
                            ? "route (expected: target or upstream, since the step stands under an upstream)"
                            : config.per().name().toLowerCase(Locale.ROOT)
                                    + " (expected: route, since a step of a route runs before a"
                                    + " target is chosen; for the others put the step under the upstream's plugins)");
        }
        Logger log = context.logger();
        String key = context.key();
        Breakers breakers = new Breakers(
                config, context, (breaker, from, to, told) -> log(log, key, breaker.name(), from, to, told));
        context.meter()
                .gaugeBuilder("sallyport.circuit_breaker.state")
                .ofLongs()
                .setDescription("The state of the circuit: 0 closed, 1 half open, 2 open.")
                .buildWithCallback(states -> breakers.record(states, key));
        context.meter()
                .counterBuilder("sallyport.circuit_breaker.refused")
                .setDescription("Calls that were refused.")
                .buildWithCallback(refused -> breakers.recordRefused(refused, key));
        return ofAttempt
                ? new AttemptFilter(config, breakers, key)
                : new RouteFilter(breakers, key, new Verdict(config));
    }

    private static void log(Logger log, String key, String name, State from, State to, boolean told) {
        String where = name.equals(key) ? key : key + ", " + name;
        log.log(
                to == State.OPEN || to == State.FORCED_OPEN ? Level.WARNING : Level.INFO,
                "{0}: circuit {1}, was {2}{3}",
                where,
                Breaker.word(to),
                Breaker.word(from),
                told ? ", as another gateway says" : "");
    }
}
