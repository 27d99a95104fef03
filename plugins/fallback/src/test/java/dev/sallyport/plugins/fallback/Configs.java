package dev.sallyport.plugins.fallback;

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
                List.of(Statuses.parse("5xx")), Set.of("circuit-open"), Set.of(Failure.values()), answer(status, body));
    }

    static Rule forStatus(String statuses, int status, String body) {
        return new Rule(List.of(Statuses.parse(statuses)), Set.of(), Set.of(), answer(status, body));
    }

    private static Answer answer(int status, String body) {
        return new Answer(status, Map.of(), body, Map.of());
    }
}
