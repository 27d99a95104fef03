package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of a provider (RFC 7517 §5), each with the verifier made for it. Immutable and thread-safe.
 *
 * <p>Keys that cannot be used are left out, as the RFC asks: of unknown kinds, for encryption, symmetric (so that no
 * token can be checked against a shared secret), or RSA of less than 2048 bits (RFC 7518 §3.3).
 */
final class KeySet {

    private static final int MOST_KEYS = 100;
    private static final int FEWEST_RSA_BITS = 2048;

    private final List<Key> keys;

    private KeySet(List<Key> keys) {
        this.keys = keys;
    }

    /** One of them. */
    record Key(JWK jwk, JWSVerifier verifier) {}

    /**
     * Reads a JWK Set.
     *
     * @throws KeysUnavailableException where it is none, or has no key that can be used
     */
    static KeySet parse(byte[] json) throws KeysUnavailableException {
        List<Object> members;
        try {
            members = JSONObjectUtils.getJSONArray(
                    JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8)), "keys");
        } catch (ParseException e) {
            throw new KeysUnavailableException("not a JWK Set: " + e.getMessage(), e);
        }
        List<Key> keys = new ArrayList<>();
        for (Object member : members == null ? List.of() : members) {
            Key key = key(member);
            if (key != null && keys.size() < MOST_KEYS) {
                keys.add(key);
            }
        }
        if (keys.isEmpty()) {
            throw new KeysUnavailableException("a JWK Set without a key to check signatures with", null);
        }
        return new KeySet(List.copyOf(keys));
    }

    /** The keys by which a token with that header may be signed. */
    List<Key> keysFor(JWSHeader header) {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        return keys.stream().filter(key -> matcher.matches(key.jwk)).toList();
    }

    /** Whether that key, which may come from an earlier set, is still published. */
    boolean has(Key key) {
        return keys.stream().anyMatch(one -> one.jwk.equals(key.jwk));
    }

    private static @Nullable Key key(Object json) {
        if (!(json instanceof Map<?, ?> members)) {
            return null;
        }
        try {
            @SuppressWarnings("unchecked") // the parser makes them so
            JWK jwk = JWK.parse((Map<String, Object>) members).toPublicJWK();
            JWSVerifier verifier = jwk == null ? null : verifier(jwk);
            return verifier == null ? null : new Key(jwk, verifier);
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException unusable) {
            return null;
        }
    }

    /** What checks signatures by a public key; null where it is none that may be used. */
    static @Nullable JWSVerifier verifier(@Nullable JWK key) throws JOSEException, GeneralSecurityException {
        return switch (key) {
            case RSAKey rsa -> isWeak(rsa) ? null : new RSASSAVerifier(rsa);
            case ECKey ec -> new ECDSAVerifier(ec);
            case OctetKeyPair okp -> new Ed25519Verifier(okp);
            case null, default -> null;
        };
    }

    /** With an exponent of 1 everything is its own signature. */
    private static boolean isWeak(RSAKey key) {
        BigInteger exponent = key.getPublicExponent().decodeToBigInteger();
        return key.size() < FEWEST_RSA_BITS || exponent.bitLength() < 2 || !exponent.testBit(0);
    }
}
