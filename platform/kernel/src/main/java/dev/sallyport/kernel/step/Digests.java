package dev.sallyport.kernel.step;

import dev.sallyport.kernel.config.ConfigNode;
import java.util.IdentityHashMap;

/**
 * The digests of settings, remembered from one compile to the next: a file that did not change gives the same nodes again.
 * For the deploying thread alone.
 */
public final class Digests {

    private IdentityHashMap<ConfigNode, String> before = new IdentityHashMap<>();
    private IdentityHashMap<ConfigNode, String> now = new IdentityHashMap<>();

    /** Nothing is remembered yet. */
    public Digests() {}

    /** Another compile begins: forgets what the one before did not ask for. */
    public void next() {
        before = now;
        now = new IdentityHashMap<>(before.size());
    }

    /** The digest of what a value says. */
    String of(ConfigNode node) {
        String known = before.get(node);
        String digest = known == null ? new ConfigDigest().add(node).hex() : known;
        now.put(node, digest);
        return digest;
    }
}
