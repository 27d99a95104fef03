package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.sallyport.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keys, and real tokens that they sign. */
final class Tokens {

    static final String ISSUER = "https://id.example.com";
    static final long NOW = ManualClock.START.getEpochSecond();

    private Tokens() {}

    static ECKey ecKey(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    static RSAKey rsaKey(String id) throws JOSEException {
        return new RSAKeyGenerator(2048).keyID(id).generate();
    }

    /** Claims of a token of {@link #ISSUER} for {@code alice} that holds for five minutes; change them as you like. */
    static Map<String, Object> claims() {
        return claims(ISSUER);
    }

    static Map<String, Object> claims(String issuer) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", "alice");
        claims.put("aud", List.of("shop", "other"));
        claims.put("exp", NOW + 300);
        claims.put("iat", NOW);
        claims.put("scope", "orders:read orders:write");
        return claims;
    }

    static Map<String, Object> with(String claim, @Nullable Object value) {
        Map<String, Object> claims = claims();
        if (value == null) {
            claims.remove(claim);
        } else {
            claims.put(claim, value);
        }
        return claims;
    }

    static String signed(JWK key, Map<String, Object> claims) throws JOSEException {
        return signed(key, header(key).build(), claims);
    }

    static String signed(JWK key, JWSHeader header, Map<String, Object> claims) throws JOSEException {
        JWSSigner signer = key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner(key.toRSAKey());
        JWSObject jws = new JWSObject(header, new Payload(claims));
        jws.sign(signer);
        return jws.serialize();
    }

    static JWSHeader.Builder header(JWK key) {
        JWSAlgorithm algorithm = key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
        return new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(key.getKeyID());
    }

    /** A token put together by hand from JSON texts and any signature. */
    static String raw(String header, String payload, byte[] signature) {
        return Base64URL.encode(header) + "." + Base64URL.encode(payload) + "." + Base64URL.encode(signature);
    }

    /** A token of any JSON texts, really signed. */
    static String written(JWK key, String algorithm, String header, String payload) {
        String content = Base64URL.encode(header) + "." + Base64URL.encode(payload);
        return content + "." + Base64URL.encode(signature(key, algorithm, content));
    }

    /** What a key signs by that algorithm of the JDK, such as {@code SHA256withRSA}. */
    static byte[] signature(JWK key, String algorithm, String content) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(((AsymmetricJWK) key).toPrivateKey());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token for {@code alice} that is bound to a key (RFC 9449 §6.1). */
    static String bound(JWK issuers, JWK holders) throws JOSEException {
        String thumbprint = holders.computeThumbprint().toString();
        return signed(issuers, with("cnf", Map.of("jkt", thumbprint)));
    }

    /** What a proof for a request says (RFC 9449 §4.2); change it as you like. */
    static Map<String, Object> proof(String method, String url, String token) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("htm", method);
        claims.put("htu", url);
        claims.put("iat", NOW);
        claims.put("ath", Base64URL.encode(Digest.sha256(token)).toString());
        return claims;
    }

    /** The header of a proof. */
    static JWSHeader.Builder proofHeader(JWK key) {
        JWSAlgorithm algorithm = key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
        return new JWSHeader.Builder(algorithm)
                .type(new JOSEObjectType("dpop+jwt"))
                .jwk(key.toPublicJWK());
    }

    /** What an issuer publishes. */
    static KeySet keySet(JWK... keys) throws KeysUnavailableException {
        return KeySet.parse(new JWKSet(List.of(keys)).toString().getBytes(StandardCharsets.UTF_8));
    }
}
