package dev.sallyport.marketplace;

import dev.sallyport.marketplace.Verification.Refused;
import dev.sallyport.marketplace.Verification.Trusted;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The publishers that are trusted. Immutable.
 *
 * <ol>
 *   <li>Only keys of this store are tried; what an envelope says of its keys is never believed.
 *   <li>A publisher has signed where as many of its different keys have as its threshold says.
 *   <li>Nothing of a payload is read before its signatures are found good, and then only those bytes.
 * </ol>
 *
 * @param publishers in no order
 * @param revoked ids of keys that count no more, whoever lists them
 */
public record TrustStore(List<Publisher> publishers, Set<String> revoked) {

    public TrustStore {
        publishers = List.copyOf(publishers);
        revoked = Set.copyOf(revoked);
    }

    /** One that revokes nothing. */
    public TrustStore(List<Publisher> publishers) {
        this(publishers, Set.of());
    }

    /**
     * Judges the signature of a jar.
     *
     * @param envelope the bytes of a DSSE envelope, from anywhere
     * @param jar what the jar is, found from its own bytes
     */
    public Verification verify(byte[] envelope, Statement jar) {
        Envelope read;
        try {
            read = Envelope.parse(envelope);
        } catch (MalformedException e) {
            return new Refused("has a signature that cannot be read, since it " + e.getMessage() + "; sign it again");
        }
        if (!read.payloadType().equals(Statement.PAYLOAD_TYPE)) {
            return new Refused("has a signature over the type " + read.payloadType() + " (expected: "
                    + Statement.PAYLOAD_TYPE + "); sign it with `sallyport market sign`");
        }
        List<Publisher> signers = publishers.stream()
                .map(publisher -> publisher.without(revoked))
                .filter(publisher -> publisher.signatures(read) > 0)
                .toList();
        List<Publisher> enough = signers.stream()
                .filter(publisher -> publisher.signatures(read) >= publisher.threshold())
                .toList();
        if (enough.isEmpty()) {
            return new Refused(tooFew(read, signers));
        }
        Statement statement;
        try {
            statement = Statement.parse(read.payload());
        } catch (MalformedException e) {
            return new Refused("is signed by " + names(enough) + " with a statement that cannot be read, since it "
                    + e.getMessage() + "; sign it with `sallyport market sign`");
        }
        String difference = statement.difference(jar);
        if (difference != null) {
            return new Refused("is not what " + names(enough) + " signed: " + difference
                    + "; take jar and signature from the publisher anew");
        }
        return enough.stream()
                .filter(publisher -> publisher.maySign(statement.id()))
                .findFirst()
                .<Verification>map(publisher -> new Trusted(publisher.name(), statement))
                .orElseGet(() -> new Refused(mayNot(enough, statement.id())));
    }

    private String tooFew(Envelope envelope, List<Publisher> signers) {
        for (Publisher each : publishers) {
            Publisher gone = each.only(revoked);
            if (gone.signatures(envelope) > 0) {
                return "is signed with a key of " + each.name()
                        + " that is revoked; take a jar that is signed with another of its keys";
            }
        }
        if (!signers.isEmpty()) {
            Publisher first = signers.getFirst();
            return "is signed with " + first.signatures(envelope) + " of the keys of " + first.name() + " (expected: "
                    + first.threshold() + "); have it signed with more of them";
        }
        String hint = hint(envelope);
        return "is signed with no key that is trusted here"
                + (hint == null ? "" : " (the signature names the key " + hint + ")")
                + ", or was changed after it was signed; trust its publisher's key, or take jar and signature anew";
    }

    private static @Nullable String hint(Envelope envelope) {
        // Shown to people, so cut and cleaned: anybody may have written it.
        String hint = envelope.signatures().getFirst().keyId().replaceAll("[^A-Za-z0-9._:-]", "");
        return hint.isEmpty() ? null : hint.substring(0, Math.min(16, hint.length()));
    }

    private static String mayNot(List<Publisher> signers, String id) {
        Publisher first = signers.getFirst();
        String prefixes = first.prefixes().stream().map(IdPrefix::text).collect(Collectors.joining(", "));
        return "is signed by " + first.name() + ", who may not sign the plugin id " + id + " (expected: " + prefixes
                + "); add it to the publisher's prefixes, if you mean that";
    }

    private static String names(List<Publisher> publishers) {
        return publishers.stream().map(Publisher::name).collect(Collectors.joining(" and "));
    }
}
