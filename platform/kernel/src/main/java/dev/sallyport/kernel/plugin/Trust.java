package dev.sallyport.kernel.plugin;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.sallyport.kernel.config.Sha256;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.marketplace.Publisher;
import dev.sallyport.marketplace.Statement;
import dev.sallyport.marketplace.TrustStore;
import dev.sallyport.marketplace.Verification;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose plugins are taken, as the configuration says. Immutable.
 *
 * <ol>
 *   <li>A hash that is revoked is refused, whoever signed or listed it; a key that is revoked has signed nothing.
 *   <li>A hash that the configuration lists is trusted, whatever signature lies beside the jar.
 *   <li>Otherwise a signature that is there must be good: a wrong one is refused, also where none is needed.
 *   <li>A jar without either is taken where the configuration lets it; it is never called trusted.
 * </ol>
 */
public final class Trust {

    /** What is asked where the configuration asks nothing. */
    public static final Trust DEFAULT = of(TrustConfig.DEFAULT);

    private static final int MOST_REMEMBERED = 1_000;

    private final TrustConfig config;
    private final TrustStore publishers;
    private final Set<String> hashes;
    private final Set<String> revoked;

    /** The folder is judged anew twice a second, and a signature takes longer than all the rest of that. */
    private final LoadingCache<Question, Verdict> signatures =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build(this::verify);

    private record Question(Statement jar, String envelope) {}

    private Trust(TrustConfig config) {
        this.config = config;
        revoked = config.revoked().stream().map(Sha256::hex).collect(Collectors.toUnmodifiableSet());
        publishers = new TrustStore(
                config.publishers().stream()
                        .map(each -> new Publisher(each.name(), each.keys(), each.prefixes(), each.threshold()))
                        .toList(),
                revoked);
        hashes = config.hashes().stream().map(Sha256::hex).collect(Collectors.toUnmodifiableSet());
    }

    /** What that configuration says. */
    public static Trust of(TrustConfig config) {
        return new Trust(config);
    }

    /** What it was made of. */
    public TrustConfig config() {
        return config;
    }

    boolean says(TrustConfig other) {
        return config.equals(other);
    }

    /** What can be said of a jar. */
    public sealed interface Verdict {

        /** A publisher who may do so has signed it. */
        record Signed(String publisher) implements Verdict {}

        /** The configuration lists its hash. */
        record Listed() implements Verdict {}

        /** Nobody has signed it. */
        record Unsigned() implements Verdict {}

        /**
         * It has a signature that is not good.
         *
         * @param reason one sentence that goes on where the jar's name stood
         */
        record Wrong(String reason) implements Verdict {}
    }

    /** Judges a jar by its hash, its facts and the signature that came with it. */
    public Verdict judge(Artefact artefact) {
        if (revoked.contains(artefact.sha256())) {
            return new Verdict.Wrong(
                    "is revoked: trust.revoked lists sha256:" + artefact.sha256() + "; take another version of it");
        }
        if (hashes.contains(artefact.sha256())) {
            return new Verdict.Listed();
        }
        String envelope = artefact.envelope();
        if (envelope == null) {
            return new Verdict.Unsigned();
        }
        return signatures.get(new Question(statement("", artefact), envelope));
    }

    private Verdict verify(Question question) {
        byte[] envelope = question.envelope().getBytes(StandardCharsets.UTF_8);
        return switch (publishers.verify(envelope, question.jar())) {
            case Verification.Trusted trusted -> new Verdict.Signed(trusted.publisher());
            case Verification.Refused refused -> new Verdict.Wrong(refused.reason());
        };
    }

    /** Why a jar is not taken from the plugins folder or the store; null where it is. */
    @Nullable
    String refusal(Artefact artefact) {
        return switch (judge(artefact)) {
            case Verdict.Signed _, Verdict.Listed _ -> null;
            case Verdict.Unsigned _ -> config.unsigned() == TrustConfig.Unsigned.ALLOWED ? null : unsigned(artefact);
            case Verdict.Wrong wrong -> wrong.reason();
        };
    }

    private static String unsigned(Artefact artefact) {
        return "is not signed, and trust.unsigned is refused: put its publisher's signature beside it, with "
                + Signatures.SUFFIX
                + " after the jar's name, sign it yourself with `sallyport market sign`, or list sha256:"
                + artefact.sha256() + " under trust.hashes";
    }

    /**
     * What a publisher signs of a jar.
     *
     * @param name the jar's file name
     */
    public static Statement statement(String name, Artefact artefact) {
        return new Statement(
                name,
                artefact.sha256(),
                artefact.id(),
                artefact.version(),
                artefact.requires(),
                artefact.permissions());
    }
}
