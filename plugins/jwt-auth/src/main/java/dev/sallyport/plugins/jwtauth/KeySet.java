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

    private final List<Entry> entries;

    private KeySet(List<Entry> entries) {
        this.entries = entries;
    }

    private record Entry(JWK key, JWSVerifier verifier) {}

    /**
     * Reads a JWK Set.
     *
     * @throws KeysUnavailableException where it is none, or has no key that can be used
     */
    static KeySet parse(byte[] json) throws KeysUnavailableException {
        List<Object> keys;
        try {
            keys = JSONObjectUtils.getJSONArray(
                    JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8)), "keys");
        } catch (ParseException e) {
            throw new KeysUnavailableException("not a JWK Set: " + e.getMessage(), e);
        }
        List<Entry> entries = new ArrayList<>();
        for (Object key : keys == null ? List.of() : keys) {
            Entry entry = entry(key);
            if (entry != null && entries.size() < MOST_KEYS) {
                entries.add(entry);
            }
        }
        if (entries.isEmpty()) {
            throw new KeysUnavailableException("a JWK Set without a key to check signatures with", null);
        }
        return new KeySet(List.copyOf(entries));
    }

    /** The verifiers of the keys by which a token with that header may be signed. */
    List<JWSVerifier> verifiersFor(JWSHeader header) {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        return entries.stream()
                .filter(entry -> matcher.matches(entry.key))
                .map(Entry::verifier)
                .toList();
    }

    private static @Nullable Entry entry(Object json) {
        if (!(json instanceof Map<?, ?> members)) {
            return null;
        }
        try {
            @SuppressWarnings("unchecked") // the parser makes them so
            JWK key = JWK.parse((Map<String, Object>) members);
            JWK publicKey = key.toPublicJWK();
            JWSVerifier verifier = publicKey == null ? null : verifier(publicKey);
            return verifier == null ? null : new Entry(publicKey, verifier);
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException unusable) {
            return null;
        }
    }

    private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException, GeneralSecurityException {
        return switch (key) {
            case RSAKey rsa -> rsa.size() < FEWEST_RSA_BITS ? null : new RSASSAVerifier(rsa);
            case ECKey ec -> new ECDSAVerifier(ec);
            case OctetKeyPair okp -> new Ed25519Verifier(okp);
            default -> null;
        };
    }
}
