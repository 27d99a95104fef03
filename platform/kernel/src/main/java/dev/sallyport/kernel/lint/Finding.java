package dev.sallyport.kernel.lint;

import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.LintRule;
import dev.sallyport.kernel.config.Place;
import org.jspecify.annotations.Nullable;

/**
 * What a rule found at one place.
 *
 * @param key the path of keys
 * @param message what is there, and behind a semicolon the mend
 * @param allowed the reason that a comment gives for allowing it, {@code ""} where it gives none; null where none allows it
 */
public record Finding(
        LintRule rule,
        Place place,
        String key,
        String message,
        @Nullable String allowed) {

    Finding(LintRule rule, Place place, String key, String message) {
        this(rule, place, key, message, null);
    }

    Finding allowedFor(String reason) {
        return new Finding(rule, place, key, message, reason);
    }

    /** {@code gateway.yaml:12:7 routes[2]: … [unreachable-route]} */
    @Override
    public String toString() {
        return new ConfigProblem(ConfigProblem.Severity.WARNING, place, key, message, rule).toString();
    }
}
