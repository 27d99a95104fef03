package dev.sallyport.api.config;

/** Settings that cannot work. It is shown at the place of the key, with file, line and column. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String key;

    /**
     * @param key the key within the step's own settings, such as {@code limits.cpu}; {@code ""} for all of them
     * @param reason what is wrong and what is expected: {@code 0s (expected: > 0)}
     */
    public ConfigException(String key, String reason) {
        super(reason);
        this.key = key;
    }

    /** The key within the step's own settings; {@code ""} for all of them. */
    public String key() {
        return key;
    }

    /** What is wrong and what is expected. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
