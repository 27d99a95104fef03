package dev.sallyport.marketplace;

import java.util.LinkedHashSet;
import java.util.List;

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
