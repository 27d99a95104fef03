package dev.sallyport.oauth;

import dev.sallyport.api.FilterContext;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a provider is asked. Thread-safe. */
@FunctionalInterface
public interface Endpoint {

    /**
     * Its URL.
     *
     * @throws ProviderUnavailableException where the provider, which knows it, was never reached
     */
    URI find() throws ProviderUnavailableException;

    /**
     * The configured one, or else that which the issuer's metadata name: one of the two is there. Where it is asked without
     * TLS, the log says so.
     *
     * @param name of the endpoint in the metadata: {@code token_endpoint}
     * @param risk what comes of asking without TLS, for the log
     */
    static Endpoint of(
            @Nullable URI configured,
            @Nullable String issuer,
            String name,
            String risk,
            Sender sender,
            FilterContext context) {
        URI asked = configured != null ? configured : Urls.metadata(Objects.requireNonNull(issuer));
        if (!"https".equals(asked.getScheme())) {
            context.logger().log(Level.WARNING, "{0}: {1} is asked without TLS: {2}", context.key(), asked, risk);
        }
        return configured != null
                ? () -> configured
                : new Discovery(Objects.requireNonNull(issuer), name, sender, context.clock());
    }
}
