package dev.sallyport.plugins.grpcweb;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Size;

/** The settings of a step {@code grpc-web}. */
public record GrpcWebConfig(
        @Doc("The most bytes of one message of a request; more is refused (RESOURCE_EXHAUSTED).") @Default("4MiB")
        Size maxMessage) {

    /** Checks it. */
    public GrpcWebConfig {
        if (maxMessage.bytes() > Integer.MAX_VALUE / 4) {
            throw new ConfigException("maxMessage", maxMessage + " (expected: at most 512MiB)");
        }
    }
}
