package dev.sallyport.plugins.jwtauth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Remembers tokens that were found valid, so that the signature of one that comes again is not checked again. Thread-safe.
 *
 * <ol>
 *   <li>A token is found by its SHA-256, of which no other text is known to have the same.
 *   <li>Each time, its times are looked at, and that its issuer still publishes the key that signed it: a token is accepted
 *       from here exactly as long as it would be without.
 *   <li>There are never more than the step's {@code remember} for long; those used least go first.
 * </ol>
 */
final class KnownTokens {

    private final TokenVerifier verifier;
    private final Cache<Digest, Known> known;

    KnownTokens(TokenVerifier verifier, int most) {
        this.verifier = verifier;
        // On the caller's thread: a thread of the JDK that had a task of ours would keep our classes in memory.
        this.known =
                Caffeine.newBuilder().maximumSize(most).executor(Runnable::run).build();
    }

    /** A token, and the newest set in which its key was found. */
    private static final class Known {

        private final Verdict.Accepted token;
        private volatile KeySet keys;

        private Known(Verdict.Accepted token) {
            this.token = token;
            this.keys = token.keys();
        }
    }

    /** As {@link TokenVerifier#verify}. */
    Verdict verify(String token) throws KeysUnavailableException, InterruptedException {
        Digest digest = Digest.of(token);
        Known there = known.getIfPresent(digest);
        if (there != null) {
            KeySet keys = verifier.keysThatHold(there.token, there.keys);
            if (keys != null) {
                there.keys = keys;
                return there.token;
            }
            known.invalidate(digest);
        }
        Verdict verdict = verifier.verify(token);
        if (verdict instanceof Verdict.Accepted accepted) {
            known.put(digest, new Known(accepted));
        }
        return verdict;
    }

    /** How many there are, about. */
    long size() {
        known.cleanUp();
        return known.estimatedSize();
    }
}
