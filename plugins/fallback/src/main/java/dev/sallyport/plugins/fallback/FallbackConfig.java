package dev.sallyport.plugins.fallback;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Shorthand;
import java.util.List;
import java.util.Set;

/** The settings of the step {@code fallback}. */
public record FallbackConfig(
        @Doc("What to answer in the place of what: the first that fits.") @Min(1) @Shorthand
        List<Rule> rules) {

    public FallbackConfig {
        rules = List.copyOf(rules);
    }

    /**
     * What to answer in the place of what.
     *
     * @param statuses answers of the upstream
     * @param problems answers of the gateway
     * @param failures failures of the upstream that are no answer
     * @param answer what to answer
     */
    public record Rule(
            @Doc("Statuses of the upstream's answers, such as 404, 500-599 or 5xx.")
            List<Statuses> statuses,

            @Doc("Problems that steps behind this one answer with, such as circuit-open or a whole type.")
            Set<String> problems,

            @Doc("Failures of the upstream: connect, reset, timeout, protocol, unavailable.")
            Set<Failure> failures,

            @Doc("What is answered.") Answer answer) {

        /** @throws ConfigException where it is for nothing */
        public Rule {
            statuses = List.copyOf(statuses);
            problems = Set.copyOf(problems);
            failures = Set.copyOf(failures);
            if (statuses.isEmpty() && problems.isEmpty() && failures.isEmpty()) {
                throw new ConfigException("", "for nothing (expected: statuses, problems or failures)");
            }
        }
    }
}
