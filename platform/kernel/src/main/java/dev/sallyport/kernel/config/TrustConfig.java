package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.marketplace.IdPrefix;
import dev.sallyport.marketplace.PublisherKey;
import java.util.List;

/** Whose plugins are taken: the key {@code trust}. */
public record TrustConfig(
        @Doc("What becomes of jars in the plugins folder that nobody has signed.") @Default("allowed")
        Unsigned unsigned,

        @Doc("Who may sign plugins; a signature of anybody else is refused.")
        List<PublisherConfig> publishers,

        @Doc("Jars that are taken whoever signed them, by the SHA-256 of their bytes: sha256:9f86….")
        List<Sha256> hashes) {

    /** What is asked where the configuration asks nothing. */
    public static final TrustConfig DEFAULT = new TrustConfig(Unsigned.ALLOWED, List.of(), List.of());

    /** What becomes of jars without a signature. */
    public enum Unsigned {
        ALLOWED,
        REFUSED
    }

    /** Somebody who may sign plugins. */
    public record PublisherConfig(
            @Doc("Their name.") String name,

            @Doc("Their public keys for Ed25519, as sallyport market keygen prints them.") @Min(1)
            List<PublisherKey> keys,

            @Doc("The plugin ids that they may sign: acme- for all that begin so, a whole id, or * for all.") @Min(1)
            List<IdPrefix> prefixes,

            @Doc("How many of the keys must have signed.") @Default("1") @Min(1)
            int threshold,

            Place place) {}
}
