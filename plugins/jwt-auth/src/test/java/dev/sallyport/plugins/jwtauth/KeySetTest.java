package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeySetTest {

    /** RFC 8037, appendix A.2 (the key) and A.4 (what it signed). */
    private static final String RFC_8037_KEY =
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

    private static final String RFC_8037_JWS = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
            + "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

    @Test
    void checksTheSignatureOfRfc8037() throws Exception {
        JWSObject jws = JWSObject.parse(RFC_8037_JWS);

        List<KeySet.Key> keys = keySet(RFC_8037_KEY).keysFor(jws.getHeader());

        assertThat(keys).hasSize(1);
        assertThat(jws.verify(keys.getFirst().verifier())).isTrue();
    }

    @Test
    void refusesAnotherSignatureWithEd25519() throws Exception {
        String changed = RFC_8037_JWS.replace("hgyY", "hgyZ");
        String tooShort = RFC_8037_JWS.substring(0, RFC_8037_JWS.length() - 20);

        for (String token : List.of(changed, tooShort)) {
            JWSObject jws = JWSObject.parse(token);
            JWSVerifier verifier =
                    keySet(RFC_8037_KEY).keysFor(jws.getHeader()).getFirst().verifier();

            assertThat(jws.verify(verifier)).isFalse();
        }
    }

    @Test
    void readsEd25519KeysOfBothSigns() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        for (int i = 0; i < 20; i++) {
            KeyPair pair = generator.generateKeyPair();
            byte[] encoded = pair.getPublic().getEncoded();
            byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            OctetKeyPair jwk = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).build();
            String content = Base64URL.encode("{\"alg\":\"EdDSA\"}") + "." + Base64URL.encode("{}");
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            JWSObject jws = JWSObject.parse(content + "." + Base64URL.encode(signature.sign()));

            assertThat(jws.verify(new Ed25519Verifier(jwk))).isTrue();
        }
    }

    @Test
    void leavesOutKeysThatCannotBeUsed() throws Exception {
        String good = Tokens.ecKey("good").toPublicJWK().toJSONString();
        KeySet keys = keySet(
                "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"secret\"}",
                "{\"kty\":\"new\",\"kid\":\"unknown\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\",\"kid\":\"off the curve\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\",\"kid\":\"short\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                "17",
                good);

        assertThat(keys.keysFor(JWSHeader.parse("{\"alg\":\"ES256\"}"))).hasSize(1);
        assertThat(keys.keysFor(JWSHeader.parse("{\"alg\":\"HS256\"}"))).isEmpty();
        assertThat(keys.keysFor(JWSHeader.parse("{\"alg\":\"EdDSA\"}"))).isEmpty();
    }

    @Test
    void leavesOutKeysForEncryption() throws Exception {
        String key = Tokens.ecKey("k").toPublicJWK().toJSONString().replace("\"kid\"", "\"use\":\"enc\",\"kid\"");

        assertThat(keySet(key).keysFor(JWSHeader.parse("{\"alg\":\"ES256\",\"kid\":\"k\"}")))
                .isEmpty();
    }

    @Test
    void findsKeysByTheirId() throws Exception {
        KeySet keys = keySet(
                Tokens.ecKey("one").toPublicJWK().toJSONString(),
                Tokens.ecKey("two").toPublicJWK().toJSONString());

        assertThat(keys.keysFor(JWSHeader.parse("{\"alg\":\"ES256\",\"kid\":\"two\"}")))
                .hasSize(1);
        assertThat(keys.keysFor(JWSHeader.parse("{\"alg\":\"ES256\",\"kid\":\"three\"}")))
                .isEmpty();
        assertThat(keys.keysFor(JWSHeader.parse("{\"alg\":\"ES256\"}"))).hasSize(2);
        assertThat(keys.keysFor(JWSHeader.parse("{\"alg\":\"ES384\"}"))).hasSize(2);
    }

    @Test
    void leavesOutRsaKeysThatAreWeak() throws Exception {
        String modulus = Tokens.rsaKey("r").getModulus().toString();
        String everyExponent = "{\"kty\":\"RSA\",\"n\":\"" + modulus + "\",\"e\":\"%s\"}";
        KeySet keys = keySet(
                everyExponent.formatted("AQ"), // 1
                everyExponent.formatted("Ag"), // 2
                everyExponent.formatted("AQAB"));

        assertThat(keys.keysFor(JWSHeader.parse("{\"alg\":\"RS256\"}"))).hasSize(1);
    }

    @Test
    void knowsAKeyOfAnEarlierSetAgain() throws Exception {
        String one = Tokens.ecKey("one").toPublicJWK().toJSONString();
        String two = Tokens.ecKey("two").toPublicJWK().toJSONString();
        KeySet.Key key = keySet(one)
                .keysFor(JWSHeader.parse("{\"alg\":\"ES256\",\"kid\":\"one\"}"))
                .getFirst();

        assertThat(keySet(two, one).has(key)).isTrue();
        assertThat(keySet(two).has(key)).isFalse();
        assertThat(keySet(Tokens.ecKey("one").toPublicJWK().toJSONString()).has(key))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "<html>",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"
            })
    void refusesWhatHasNoKeys(String json) {
        assertThatExceptionOfType(KeysUnavailableException.class)
                .isThrownBy(() -> KeySet.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static KeySet keySet(String... keys) throws KeysUnavailableException {
        return KeySet.parse(("{\"keys\":[" + String.join(",", keys) + "]}").getBytes(StandardCharsets.UTF_8));
    }
}
