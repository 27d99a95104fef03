package dev.sallyport.marketplace;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a marketplace offers, as its keys have signed it. Immutable.
 *
 * @param name the marketplace's name: an index is good for no other one
 * @param version higher with each change, so that an older one is known as such
 * @param issued when it was made
 * @param expires when it is to be believed no longer, so that nobody can hold back a newer one for ever
 * @param plugins by id
 * @param revoked jars and publishers' keys that nobody should trust any more, by SHA-256, and why
 */
public record Index(
        String name,
        long version,
        Instant issued,
        Instant expires,
        Map<String, Listing> plugins,
        Map<String, String> revoked) {

    /** The most bytes that the envelope of an index may have. */
    public static final int MOST_BYTES = 8 << 20;

    public Index {
        plugins = Collections.unmodifiableMap(new TreeMap<>(plugins));
        revoked = Collections.unmodifiableMap(new TreeMap<>(revoked));
    }

    /** Whether an index may name a file so: a path below it, of plain letters. */
    public static boolean isFile(String name) {
        return IndexFields.isFile(name);
    }

    /**
     * What an envelope says, whoever signed it: for a second key holder to see, never to be believed.
     *
     * @throws MalformedException where it is no index
     */
    public static Index unverified(Envelope envelope) throws MalformedException {
        if (!envelope.payloadType().equals(Statement.PAYLOAD_TYPE)) {
            throw new MalformedException("is of the type " + IndexFields.shown(envelope.payloadType()) + " (expected: "
                    + Statement.PAYLOAD_TYPE + ")");
        }
        return IndexReader.read(envelope.payload());
    }

    /**
     * Signs it.
     *
     * @param signers each adds a signature; at least one
     */
    public Envelope sign(List<Signer> signers) {
        Envelope unsigned = new Envelope(Statement.PAYLOAD_TYPE, IndexWriter.write(this), List.of());
        return unsigned.withSignatures(
                signers.stream().map(each -> each.signed(unsigned)).toList());
    }
}
