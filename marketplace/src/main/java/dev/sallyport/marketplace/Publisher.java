package dev.sallyport.marketplace;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Somebody who is trusted to sign.
 *
 * @param keys the keys that speak for them
 * @param prefixes the plugin ids that they may sign
 * @param threshold how many of the keys must have signed; at least 1
 */
public record Publisher(String name, List<PublisherKey> keys, List<IdPrefix> prefixes, int threshold) {

    public Publisher {
        // A key that is listed twice is one key: it must not reach a threshold of two.
        keys = List.copyOf(new LinkedHashSet<>(keys));
        prefixes = List.copyOf(prefixes);
        if (threshold < 1) {
            throw new IllegalArgumentException(threshold + " (expected: a threshold of 1 or more)");
        }
    }

    /** The same without keys of those ids: what asks for more signatures than there are keys left is never signed. */
    Publisher without(Set<String> ids) {
        return new Publisher(
                name, keys.stream().filter(key -> !ids.contains(key.id())).toList(), prefixes, threshold);
    }

    /** The same with keys of those ids alone. */
    Publisher only(Set<String> ids) {
        return new Publisher(
                name, keys.stream().filter(key -> ids.contains(key.id())).toList(), prefixes, threshold);
    }

    boolean maySign(String id) {
        return prefixes.stream().anyMatch(prefix -> prefix.covers(id));
    }

    /** How many of its keys have signed. */
    int signatures(Envelope envelope) {
        byte[] signed = envelope.signedBytes();
        return (int) keys.stream()
                .filter(key ->
                        envelope.signatures().stream().anyMatch(signature -> key.verifies(signed, signature.bytes())))
                .count();
    }
}
