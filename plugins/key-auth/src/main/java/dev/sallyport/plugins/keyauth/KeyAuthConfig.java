package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;

/** The settings of one step. */
public record KeyAuthConfig(
        @Doc("Where the key stands: {header: NAME}, {query: NAME} or {cookie: NAME}.") @Default("{header: x-api-key}")
        KeyLocation in,

        @Doc("Passes the key on to the upstream; otherwise it is taken out of the request.")
        boolean forward,

        @Doc("The request header that tells the upstream the consumer's name; none for no such header.")
        @Default("x-consumer-name")
        String consumerHeader) {

    public KeyAuthConfig {
        if (in.name().isBlank() || (in instanceof KeyLocation.Header && !isFieldName(in.name()))) {
            throw new ConfigException("in", "'" + in.name() + "' (expected: the name of a " + in.kind() + ")");
        }
        if (!isFieldName(consumerHeader)) {
            throw new ConfigException(
                    "consumerHeader", "'" + consumerHeader + "' (expected: the name of a header, or none)");
        }
        if (in instanceof KeyLocation.Header && in.name().equalsIgnoreCase(consumerHeader)) {
            throw new ConfigException(
                    "consumerHeader", consumerHeader + " (expected: another header than the one with the key)");
        }
    }

    private static boolean isFieldName(String name) {
        try {
            Headers.of(name, "");
            return true;
        } catch (IllegalArgumentException notAName) {
            return false;
        }
    }

    /** Whether the upstream is told who the consumer is. */
    boolean tellsConsumer() {
        return !consumerHeader.equals("none");
    }
}
