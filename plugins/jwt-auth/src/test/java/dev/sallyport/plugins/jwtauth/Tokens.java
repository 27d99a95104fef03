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
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.sallyport.testkit.ManualClock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
}
