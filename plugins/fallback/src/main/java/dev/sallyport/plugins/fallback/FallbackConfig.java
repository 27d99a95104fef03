package dev.sallyport.plugins.fallback;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Shorthand;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.UpstreamName;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of the step {@code fallback}. */
public record FallbackConfig(
        @Doc("What to answer in the place of what: the first that fits.") @Min(1) @Shorthand
        List<Rule> rules,

        @Doc("Where a rule names an upstream: bodies of a known length up to this are kept, so that they can be"
                + " sent again.")
        @Default("64KiB")
        @Max(16_777_216)
        Size maxBody) {

    public FallbackConfig {
        rules = List.copyOf(rules);
    }

    /** Whether a rule sends requests again. */
    boolean sendsAgain() {
        return rules.stream().anyMatch(rule -> rule.upstream() != null);
    }

    /**
     * What to answer in the place of what.
     *
     * @param statuses answers of the upstream
     * @param problems answers of the gateway
     * @param failures failures of the upstream that are no answer
     * @param answer what to answer; null where an upstream does
     * @param upstream what answers; null where that is written
     */
    public record Rule(
            @Doc("Statuses of the upstream's answers, such as 404, 500-599 or 5xx.")
            List<Statuses> statuses,

            @Doc("Problems that steps behind this one answer with, such as circuit-open or a whole type.")
            Set<String> problems,

            @Doc("Failures of the upstream: connect, reset, timeout, protocol, unavailable.")
            Set<Failure> failures,

            @Doc("What is answered; or an upstream.") @Nullable
            Answer answer,

            @Doc("The name of an upstream that answers instead; where it fails too, the rules after this one are"
                    + " asked.")
            @Nullable
            @UpstreamName
            String upstream) {

        /** @throws ConfigException where it is for nothing, or does nothing */
        public Rule {
            statuses = List.copyOf(statuses);
            problems = Set.copyOf(problems);
            failures = Set.copyOf(failures);
            if (statuses.isEmpty() && problems.isEmpty() && failures.isEmpty()) {
                throw new ConfigException("", "for nothing (expected: statuses, problems or failures)");
            }
            if ((answer == null) == (upstream == null)) {
                throw new ConfigException(
                        answer == null ? "answer" : "upstream",
                        (answer == null ? "missing" : "beside answer")
                                + " (expected: answer or upstream, one of them)");
            }
        }
    }
}
