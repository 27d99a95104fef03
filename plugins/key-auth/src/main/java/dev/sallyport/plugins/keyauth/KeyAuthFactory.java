package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.Credential;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the steps of type {@code key-auth}. */
@Doc("Lets only requests pass that carry a consumer's API key; all others are answered 401.")
@Type(value = "key-auth", decidesAccess = true, replayable = true, provides = "consumer")
public final class KeyAuthFactory implements FilterFactory<KeyAuthConfig> {

    @Override
    public Filter create(KeyAuthConfig config, FilterContext context) {
        if (config.tellsConsumer()) {
            context.ownHeader(config.consumerHeader());
        }
        List<Credential<KeyCredential>> credentials = context.credentials(KeyCredential.class);
        if (credentials.isEmpty()) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: no consumer has a key-auth credential, so every request is refused",
                            context.key());
        }
        return new KeyAuthFilter(config, byHash(config, credentials), context.clock());
    }

    private static Map<KeyHash, Credential<KeyCredential>> byHash(
            KeyAuthConfig config, List<Credential<KeyCredential>> credentials) {
        Map<KeyHash, Credential<KeyCredential>> byHash = new HashMap<>();
        for (Credential<KeyCredential> credential : credentials) {
            String name = credential.consumer().name();
            Credential<KeyCredential> other = byHash.put(credential.value().hash(), credential);
            if (other != null) {
                throw new ConfigException(
                        "",
                        "key " + credential.value().hash() + " of consumer " + name + " (expected: not also a key of "
                                + other.consumer().name() + ", since a key says who sends it)");
            }
            if (config.tellsConsumer()) {
                checkHeaderValue(config.consumerHeader(), name);
            }
        }
        return byHash;
    }

    private static void checkHeaderValue(String header, String name) {
        try {
            Headers.of(header, name);
        } catch (IllegalArgumentException notAValue) {
            throw new ConfigException(
                    "consumerHeader",
                    header + " cannot tell the name of consumer " + name
                            + " (expected: names of ISO 8859-1 characters, or consumerHeader: none)");
        }
    }
}
