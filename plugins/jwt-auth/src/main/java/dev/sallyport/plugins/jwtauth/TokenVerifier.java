package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import dev.sallyport.oauth.Access;
import dev.sallyport.oauth.JsonValues;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks tokens as RFC 8725 (best current practice for JSON Web Tokens) asks: the algorithm must be one of those that
 * were configured and fit the key; a key is only ever taken from the issuer's set, never from the token; issuer,
 * audience and times are always looked at. Thread-safe.
 */
final class TokenVerifier {

    private static final Verdict.Refused MALFORMED = new Verdict.Refused("The token is malformed.");
    private static final Verdict.Refused NOT_SIGNED = new Verdict.Refused("The signature of the token is not valid.");

    private final JwtAuthConfig config;
    private final Set<JWSAlgorithm> algorithms;
    private final Map<String, TrustedIssuer> issuers;
    private final Clock clock;

    TokenVerifier(JwtAuthConfig config, List<TrustedIssuer> issuers, Clock clock) {
        this.config = config;
        this.algorithms = SignatureAlgorithm.toJws(config.algorithms());
        this.issuers = issuers.stream()
                .collect(Collectors.toUnmodifiableMap(one -> one.settings().issuer(), one -> one));
        this.clock = clock;
    }

    /**
     * Checks one token.
     *
     * @throws KeysUnavailableException where there are no keys to check it with
     */
    Verdict verify(String token) throws KeysUnavailableException, InterruptedException {
        return verify(token, TokenVerifier::signature);
    }

    /**
     * The same without asking an issuer for anything.
     *
     * @throws KeysUnavailableException where the keys that are there cannot tell
     */
    Verdict foresee(String token) throws KeysUnavailableException, InterruptedException {
        return verify(token, (jws, issuer) -> {
            KeySet here = issuer.keys().here();
            Signature signature = signature(jws, here);
            if (signature == null && isPerhapsByANewKey(jws.getHeader(), here)) {
                throw new KeysUnavailableException("the token's key is not among those that are there", null);
            }
            return signature;
        });
    }

    /**
     * Whether a token that was found valid still is: by the time, and by the keys of its issuer as they are now.
     *
     * @return the set that has its key now; null where it must be checked anew
     */
    @Nullable
    KeySet keysThatHold(Verdict.Accepted token, KeySet seen) throws KeysUnavailableException, InterruptedException {
        if (token.times().refuse(clock, config.skew()) != null) {
            return null;
        }
        KeySet now = token.issuer().keys().current();
        return now == seen || now.has(token.key()) ? now : null;
    }

    /** The key that signed a token. */
    private record Signature(KeySet.Key key, KeySet keys) {}

    /** How a signature is checked. */
    private interface SignatureCheck {
        @Nullable
        Signature by(JWSObject jws, TrustedIssuer issuer) throws KeysUnavailableException, InterruptedException;
    }

    private Verdict verify(String token, SignatureCheck check) throws KeysUnavailableException, InterruptedException {
        JWSObject jws;
        Map<String, Object> claims;
        try {
            jws = CompactForm.matches(token) ? JWSObject.parse(token) : null;
            claims = jws == null ? null : jws.getPayload().toJSONObject();
        } catch (ParseException | RuntimeException notAToken) {
            // The library's parser throws what it comes upon: for a header that is null, a NullPointerException.
            return MALFORMED;
        }
        if (jws == null || claims == null) {
            return MALFORMED;
        }
        Verdict.Refused refused = refuseHeader(jws.getHeader());
        if (refused != null) {
            return refused;
        }
        TrustedIssuer issuer = claims.get("iss") instanceof String iss ? issuers.get(iss) : null;
        if (issuer == null) {
            // Before the signature: tokens of others must not make us ask our issuers for their keys.
            return new Verdict.Refused("The token is of another issuer.");
        }
        Signature signature = check.by(jws, issuer);
        if (signature == null) {
            return NOT_SIGNED;
        }
        if (!issuer.isForUs(claims)) {
            return new Verdict.Refused("The token is meant for another audience.");
        }
        Times times = Times.of(claims);
        refused = times.refuse(clock, config.skew());
        if (refused != null) {
            return refused;
        }
        Map<String, Object> shared = JsonValues.object(claims);
        Access access =
                Access.of(shared, config.consumer(), issuer.settings()::caller, config.scopes(), config.rules());
        return new Verdict.Accepted(issuer, signature.key, signature.keys, shared, times, access);
    }

    private Verdict.@Nullable Refused refuseHeader(JWSHeader header) {
        if (!algorithms.contains(header.getAlgorithm())) {
            return new Verdict.Refused("The token is signed by an algorithm that is not accepted.");
        }
        if (isExtended(header)) {
            return new Verdict.Refused("The token needs an extension that is not known.");
        }
        return config.allowsType(
                        header.getType() == null ? null : header.getType().getType())
                ? null
                : new Verdict.Refused("The token is not of a type for access.");
    }

    /**
     * RFC 7515 §4.1.11: what must be understood and is not makes it invalid; we know no extension. An unencoded payload
     * (RFC 7797) is one also where a sender forgot to say so.
     */
    static boolean isExtended(JWSHeader header) {
        return header.getCriticalParams() != null || !header.isBase64URLEncodePayload();
    }

    private static @Nullable Signature signature(JWSObject jws, TrustedIssuer issuer)
            throws KeysUnavailableException, InterruptedException {
        KeySet there = issuer.keys().current();
        Signature signature = signature(jws, there);
        if (signature != null || !isPerhapsByANewKey(jws.getHeader(), there)) {
            return signature;
        }
        KeySet newer = issuer.keys().renewed(there, keys -> signature(jws, keys) != null);
        return newer == there ? null : signature(jws, newer);
    }

    /** Where a key has the token's id, no other can have signed it. */
    private static boolean isPerhapsByANewKey(JWSHeader header, KeySet keys) {
        return header.getKeyID() == null || keys.keysFor(header).isEmpty();
    }

    private static @Nullable Signature signature(JWSObject jws, KeySet keys) {
        for (KeySet.Key key : keys.keysFor(jws.getHeader())) {
            try {
                if (jws.verify(key.verifier())) {
                    return new Signature(key, keys);
                }
            } catch (JOSEException | IllegalStateException notByThisKey) {
                // The next one may fit: a token without key id says only what kind of key it is.
            }
        }
        return null;
    }
}
