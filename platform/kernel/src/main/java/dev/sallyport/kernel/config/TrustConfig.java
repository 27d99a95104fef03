package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Min;
import dev.sallyport.marketplace.IdPrefix;
import dev.sallyport.marketplace.PublisherKey;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whose plugins are taken: the key {@code trust}. */
public record TrustConfig(
        @Doc("What becomes of jars in the plugins folder that nobody has signed.") @Default("allowed")
        Unsigned unsigned,

        @Doc("Who may sign plugins; a signature of anybody else is refused.")
        List<PublisherConfig> publishers,

        @Doc("Jars that are taken whoever signed them, by the SHA-256 of their bytes: sha256:9f86….")
        List<Sha256> hashes,

        @Doc("What is trusted no more, whoever signed or listed it: jars by the SHA-256 of their bytes, keys of"
                + " publishers and marketplaces by their key id, both as sha256:9f86….")
        List<Sha256> revoked,

        @Doc("Where sallyport plugins install looks for plugins that it knows by id alone. The gateway itself asks"
                + " there only when an administrator has it do so.")
        List<MarketplaceConfig> marketplaces) {

    /** One that revokes nothing, and knows no marketplace. */
    public TrustConfig(Unsigned unsigned, List<PublisherConfig> publishers, List<Sha256> hashes) {
        this(unsigned, publishers, hashes, List.of(), List.of());
    }

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

    /** A marketplace. Whoever runs it says what there is, not who may sign: that is for publishers. */
    public record MarketplaceConfig(
            @Doc("Its name, which its index must have too.") String name,

            @Doc("The folder that its index.json lies in: an https URL, one of http, or a path here.")
            String url,

            @Doc("The public keys that speak for it; old and new ones side by side while they change.") @Min(1)
            List<PublisherKey> keys,

            @Doc("How many of the keys must have signed its index.") @Default("1") @Min(1)
            int threshold,

            @Doc("The plugin ids that come from here and from no other marketplace: acme- for all that begin so, or a"
                    + " whole id. All that no other one claims, if none are given.")
            List<IdPrefix> ids,

            @Doc("The proxy to reach it by, such as http://proxy.example.com:3128; HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
                    + " of the environment if not given.")
            @Nullable
            URI proxy,

            @Doc("A PEM file with the authorities whose servers are good; those of the JDK if not given.") @Nullable
            Path ca,

            Place place) {

        private static final Pattern USER = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://[^/?#]*@.*", Pattern.DOTALL);

        /** Whether a URL names a user, or has a password: such a one is never shown. */
        public static boolean namesUser(String url) {
            return USER.matcher(url).matches();
        }
    }
}
