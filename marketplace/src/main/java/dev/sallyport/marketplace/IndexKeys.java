package dev.sallyport.marketplace;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A marketplace and the keys that speak for it. Immutable.
 *
 * <ol>
 *   <li>Nothing of an index is read before enough of the keys are found to have signed it.
 *   <li>An index of another marketplace, an expired one, one older than a reader has seen, and another one of the same
 *       version are refused.
 * </ol>
 *
 * @param name of the marketplace
 * @param keys any of which may have signed
 * @param threshold how many must have
 */
public record IndexKeys(String name, List<PublisherKey> keys, int threshold) {

    public IndexKeys {
        keys = List.copyOf(keys);
    }

    /**
     * The same without keys that are trusted no more.
     *
     * @param revoked ids of keys
     */
    public IndexKeys without(Set<String> revoked) {
        return new IndexKeys(
                name, keys.stream().filter(key -> !revoked.contains(key.id())).toList(), threshold);
    }

    /**
     * An index that was verified before.
     *
     * @param version its version
     * @param sha256 of the bytes that were signed
     */
    public record Seen(long version, String sha256) {}

    /**
     * An index that may be believed.
     *
     * @param seen what to remember of it
     */
    public record Verified(Index index, Seen seen) {}

    /**
     * Verifies an index.
     *
     * @param envelope from anywhere
     * @param now the time
     * @param before the newest one that was seen; null for none
     * @throws RefusedIndexException saying why not, and the mend
     */
    public Verified verify(byte[] envelope, Instant now, @Nullable Seen before) throws RefusedIndexException {
        Verified verified = signed(envelope);
        Index index = verified.index();
        Seen seen = verified.seen();
        if (before != null && index.version() < before.version()) {
            throw refused("has the version " + index.version() + ", and version " + before.version()
                    + " was seen before: somebody replays an old index; ask who runs it, and if it was really set back,"
                    + " delete its entry in marketplaces/state.json of the data folder");
        }
        if (before != null
                && index.version() == before.version()
                && !seen.sha256().equals(before.sha256())) {
            throw refused("has the version " + index.version() + ", and another index of that version was seen before:"
                    + " two are told to different people, or it was changed without a new version; ask who runs it");
        }
        if (!now.isBefore(index.expires())) {
            throw refused("expired at " + index.expires() + ", so nobody can tell whether a newer one is held back;"
                    + " ask who runs it to publish anew, and look at this machine's clock");
        }
        return verified;
    }

    /**
     * Verifies who signed an index, and nothing of its age.
     *
     * @throws RefusedIndexException saying why not
     */
    public Verified signed(byte[] envelope) throws RefusedIndexException {
        Envelope read;
        try {
            read = Envelope.parse(envelope, Index.MOST_BYTES);
        } catch (MalformedException e) {
            throw refused(e.getMessage() + "; it is no index, or damaged");
        }
        if (!read.payloadType().equals(Statement.PAYLOAD_TYPE)) {
            throw refused("is of the type " + IndexFields.shown(read.payloadType()) + " (expected: "
                    + Statement.PAYLOAD_TYPE + ")");
        }
        int signatures = new Publisher(name, keys, List.of(), threshold).signatures(read);
        if (signatures == 0) {
            throw refused("is signed with none of its keys, or was changed after it was signed; take it anew, or trust"
                    + " the key that it is signed with now");
        }
        if (signatures < threshold) {
            throw refused("is signed with " + signatures + " of its keys (expected: " + threshold
                    + "); have it signed with more of them");
        }
        byte[] payload = read.payload();
        Index index;
        try {
            index = IndexReader.read(payload);
        } catch (MalformedException e) {
            throw refused(e.getMessage() + "; ask who runs it to publish anew");
        }
        if (!index.name().equals(name)) {
            throw refused("is the index of the marketplace " + index.name() + "; name it so in the configuration, or"
                    + " mend its url");
        }
        return new Verified(index, new Seen(index.version(), sha256(payload)));
    }

    private RefusedIndexException refused(String reason) {
        return new RefusedIndexException("the index of the marketplace " + name + " " + reason);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
