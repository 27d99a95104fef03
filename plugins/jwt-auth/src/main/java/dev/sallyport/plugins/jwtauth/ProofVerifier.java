package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import dev.sallyport.api.Request;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that who sends a token has the key that it is bound to (RFC 9449 §4.3, in its order). Thread-safe. */
final class ProofVerifier {

    private static final int LONGEST = 8 * 1024;
    private static final int LONGEST_ID = 512;

    private final Set<JWSAlgorithm> algorithms;
    private final Duration maxAge;
    private final Duration skew;
    private final @Nullable Nonces nonces;
    private final Replays replays;
    private final Clock clock;

    ProofVerifier(
            Set<JWSAlgorithm> algorithms,
            Duration maxAge,
            Duration skew,
            @Nullable Nonces nonces,
            Replays replays,
            Clock clock) {
        this.algorithms = algorithms;
        this.maxAge = maxAge;
        this.skew = skew;
        this.nonces = nonces;
        this.replays = replays;
        this.clock = clock;
    }

    /** What the check of a proof came to. */
    sealed interface Result {

        /** It holds. */
        record Proven() implements Result {}

        /** It holds nothing, or a nonce that is too old. */
        record NonceNeeded() implements Result {}

        /** It does not hold. */
        record Refused(String why) implements Result {}
    }

    /**
     * Checks the proof of a request.
     *
     * @param token as it was sent
     * @param claims of the token, which is valid
     * @param seen whether this same request was checked before: a step outside of this one tries it again
     */
    Result verify(Request request, String token, Map<String, Object> claims, boolean seen) {
        List<String> proofs = request.headers().all("dpop");
        if (proofs.size() != 1) {
            return new Result.Refused(
                    proofs.isEmpty() ? "A proof is needed, in the field DPoP." : "More than one proof was sent.");
        }
        String proof = proofs.getFirst();
        JWSObject jws;
        Map<String, Object> told;
        try {
            jws = proof.length() <= LONGEST && CompactForm.matches(proof) ? JWSObject.parse(proof) : null;
            told = jws == null ? null : jws.getPayload().toJSONObject();
        } catch (ParseException | RuntimeException notAProof) {
            return new Result.Refused("The proof is malformed.");
        }
        if (jws == null || told == null) {
            return new Result.Refused("The proof is malformed.");
        }
        String why = refuseHeader(jws.getHeader(), claims);
        if (why == null && !isSigned(jws)) {
            why = "The signature of the proof is not valid.";
        }
        if (why == null) {
            why = refuseClaims(told, request, token);
        }
        if (why != null) {
            return new Result.Refused(why);
        }
        if (nonces != null && !nonces.isValid(told.get("nonce"))) {
            return new Result.NonceNeeded();
        }
        String id = boundTo(claims) + " " + told.get("jti");
        return seen || replays.isFirst(Digest.of(id))
                ? new Result.Proven()
                : new Result.Refused("The proof was used before.");
    }

    /** Ends with whose key it is: nobody but the holder can make us compute with a key of his choice. */
    private @Nullable String refuseHeader(JWSHeader header, Map<String, Object> claims) {
        if (header.getType() == null || !header.getType().getType().equalsIgnoreCase("dpop+jwt")) {
            return "The proof is not of the type dpop+jwt.";
        }
        if (!algorithms.contains(header.getAlgorithm())) {
            return "The proof is signed by an algorithm that is not accepted.";
        }
        if (TokenVerifier.isExtended(header)) {
            return "The proof needs an extension that is not known.";
        }
        JWK key = header.getJWK();
        if (key == null || key.isPrivate()) {
            return "The proof does not hold a public key.";
        }
        try {
            boolean same = key.computeThumbprint().toString().equals(boundTo(claims));
            return same ? null : "The token is bound to another key.";
        } catch (JOSEException e) {
            return "The token is bound to another key.";
        }
    }

    private static boolean isSigned(JWSObject jws) {
        try {
            JWSVerifier verifier = KeySet.verifier(jws.getHeader().getJWK());
            return verifier != null && jws.verify(verifier);
        } catch (JOSEException | GeneralSecurityException | IllegalStateException notByThisKey) {
            return false;
        }
    }

    /** The thumbprint of the key that a token is bound to (RFC 9449 §6.1); null for none. */
    static @Nullable Object boundTo(Map<String, Object> claims) {
        return claims.get("cnf") instanceof Map<?, ?> confirmation ? confirmation.get("jkt") : null;
    }

    private @Nullable String refuseClaims(Map<String, Object> told, Request request, String token) {
        if (!(told.get("jti") instanceof String id) || id.isEmpty() || id.length() > LONGEST_ID) {
            return "The proof has no identifier of its own.";
        }
        if (!request.method().equals(told.get("htm"))) {
            return "The proof is for another method.";
        }
        if (!(told.get("htu") instanceof String url) || !ClientUrl.of(request).equals(ClientUrl.parse(url))) {
            return "The proof is for another URL.";
        }
        double now = clock.millis() / 1000.0;
        double leeway = skew.toMillis() / 1000.0;
        if (!(told.get("iat") instanceof Number made)
                || !(made.doubleValue() <= now + leeway)
                || !(made.doubleValue() >= now - leeway - maxAge.toMillis() / 1000.0)) {
            return "The proof was not made just now.";
        }
        return Base64URL.encode(Digest.sha256(token)).toString().equals(told.get("ath"))
                ? null
                : "The proof is for another token.";
    }
}
