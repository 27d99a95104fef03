package dev.sallyport.kernel.config;

/**
 * What is wrong with a configuration, at one place.
 *
 * @param severity whether it refuses the configuration
 * @param place where
 * @param key the path of keys: {@code routes[2].plugins[0].rate-limit.limit}
 * @param message the value, what was expected and the mend: {@code 0/s (expected: 1 or more); write 1/s or more}
 */
public record ConfigProblem(Severity severity, Place place, String key, String message) {

    /** How bad it is. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** {@code gateway.yaml:12:7 routes[2].name: …} */
    @Override
    public String toString() {
        return place + (key.isEmpty() ? "" : " " + key) + ": " + message;
    }
}
