package dev.sallyport.plugins.fallback;

import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.fallback.FallbackConfig.Rule;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settings for tests. */
final class Configs {

    private Configs() {}

    /** A rule for 5xx, the problem {@code circuit-open} and each failure. */
    static Rule rule(int status, String body) {
        return new Rule(
                List.of(Statuses.parse("5xx")),
                Set.of("circuit-open"),
                Set.of(Failure.values()),
                answer(status, body),
                null);
    }

    static Rule forStatus(String statuses, int status, String body) {
        return new Rule(List.of(Statuses.parse(statuses)), Set.of(), Set.of(), answer(status, body), null);
    }

    /** The same, answered by an upstream. */
    static Rule upstream(String name) {
        return new Rule(List.of(Statuses.parse("5xx")), Set.of("circuit-open"), Set.of(Failure.values()), null, name);
    }

    static FallbackConfig of(Rule... rules) {
        return new FallbackConfig(List.of(rules), new Size(8));
    }

    private static Answer answer(int status, String body) {
        return new Answer(status, Map.of(), body, Map.of());
    }
}
