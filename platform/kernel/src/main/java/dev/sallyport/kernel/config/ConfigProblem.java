package dev.sallyport.kernel.config;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a configuration, at one place.
 *
 * @param severity whether it refuses the configuration
 * @param place where
 * @param key the path of keys: {@code routes[2].plugins[0].rate-limit.limit}
 * @param message the value, what was expected and the mend: {@code 0/s (expected: 1 or more); write 1/s or more}
 * @param rule the rule of lint that found it; null where it is an error, or nothing that a person may allow
 */
public record ConfigProblem(
        Severity severity,
        Place place,
        String key,
        String message,
        @Nullable LintRule rule) {

    /** How bad it is. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** What no rule of lint found. */
    public ConfigProblem(Severity severity, Place place, String key, String message) {
        this(severity, place, key, message, null);
    }

    /** The same where what it is about is held back, so that it refuses nothing. */
    public ConfigProblem asWarning() {
        return new ConfigProblem(Severity.WARNING, place, key, message, rule);
    }

    /** {@code gateway.yaml:12:7 routes[2].name: …} */
    @Override
    public String toString() {
        return place + (key.isEmpty() ? "" : " " + key) + ": " + message + (rule == null ? "" : " [" + rule + "]");
    }
}
