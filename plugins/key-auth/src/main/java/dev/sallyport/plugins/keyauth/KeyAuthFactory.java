package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.Credential;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Identification;
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
        Identification identification = Identification.of(context, config.consumerHeader(), config.anonymous());
        List<Credential<KeyCredential>> credentials = context.credentials(KeyCredential.class);
        if (credentials.isEmpty()) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: no consumer has a key-auth credential, so every key is refused",
                            context.key());
        }
        Map<KeyHash, Credential<KeyCredential>> byHash = new HashMap<>();
        for (Credential<KeyCredential> credential : credentials) {
            identification.check(credential.consumer());
            add(byHash, credential);
        }
        return new KeyAuthFilter(config, byHash, identification, context.clock());
    }

    private static void add(Map<KeyHash, Credential<KeyCredential>> byHash, Credential<KeyCredential> credential) {
        Credential<KeyCredential> other = byHash.put(credential.value().hash(), credential);
        if (other != null) {
            throw new ConfigException(
                    "",
                    "key " + credential.value().hash() + " of consumer "
                            + credential.consumer().name() + " (expected: not also a key of "
                            + other.consumer().name() + ", since a key says who sends it)");
        }
    }
}
