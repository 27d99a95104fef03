package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attacks on signed tokens that RFC 8725 and the advisories about JOSE libraries name, each as a token for an issuer
 * that publishes {@link #published}.
 */
final class Attacks {

    static final String MALFORMED = "The token is malformed.";
    static final String ALGORITHM = "The token is signed by an algorithm that is not accepted.";
    static final String SIGNATURE = "The signature of the token is not valid.";
    static final String EXTENSION = "The token needs an extension that is not known.";
    static final String TYPE = "The token is not of a type for access.";
    static final String ISSUER = "The token is of another issuer.";
    static final String AUDIENCE = "The token is meant for another audience.";
    static final String EXPIRED = "The token has expired.";
    static final String ENDLESS = "The token does not say when it expires.";
    static final String EARLY = "The token is not valid yet.";
    static final String UNNAMED = "The token does not name its caller.";

    private static final String EC_SIGNATURE = "SHA256withECDSAinP1363Format";
    private static final String RSA_SIGNATURE = "SHA256withRSA";

    final ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    final ECKey ec384 = new ECKeyGenerator(Curve.P_384).keyID("ec384").generate();
    final RSAKey rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    private final RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
    private final RSAKey forEncryption =
            new RSAKeyGenerator(2048).keyUse(KeyUse.ENCRYPTION).keyID("enc").generate();
    private final OctetSequenceKey secret =
            new OctetSequenceKeyGenerator(256).keyID("secret").generate();
    private final ECKey own = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    private final String elsewhere;
    private final List<Attack> all = new ArrayList<>();

    /** @param elsewhere a URL with keys of the attacker's */
    Attacks(String elsewhere) throws JOSEException {
        this.elsewhere = elsewhere;
    }

    /** What the issuer publishes, a secret among it by mistake. */
    JWK[] published() {
        return new JWK[] {ec, ec384, rsa, weak, forEncryption, secret};
    }

    /** What the attacker publishes elsewhere, under the id of the issuer's key. */
    JWK attackers() {
        return own;
    }

    /** All of them. */
    List<Attack> all() throws JOSEException {
        withoutSignature();
        withThePublicKeyAsASecret();
        withAnotherAlgorithm();
        withAKeyOfItsOwn();
        withAKeyIdThatIsMore();
        withExtensions();
        writtenOtherwise();
        tooMuch();
        withSignaturesThatAreNone();
        ofAnotherType();
        withOtherClaims();
        return all;
    }

    private void withoutSignature() {
        for (String none : List.of("none", "None", "NONE", "nOnE")) {
            add("alg " + none + ", no signature", unsigned(header(none, ""), ""), MALFORMED);
            add(
                    "alg " + none + ", any signature",
                    unsigned(header(none, ""), "AAAA"),
                    none.equals("none") ? MALFORMED : ALGORITHM);
        }
        add("the signature cut off", cut(valid()), MALFORMED);
        add("the signature and its dot cut off", cut(valid()).replaceFirst("\\.$", ""), MALFORMED);
        add("no alg", signed("{\"kid\":\"ec\"}"), MALFORMED);
        add("alg null", signed("{\"alg\":null,\"kid\":\"ec\"}"), MALFORMED);
        add("alg a number", signed("{\"alg\":256,\"kid\":\"ec\"}"), MALFORMED);
        add("alg a list", signed("{\"alg\":[\"none\",\"ES256\"],\"kid\":\"ec\"}"), MALFORMED);
        add("alg empty", signed(header("", "")), ALGORITHM);
        add("alg in small letters", signed(header("es256", "")), ALGORITHM);
        add("alg with a space", signed(header("ES256 ", "")), ALGORITHM);
    }

    private void withThePublicKeyAsASecret() throws JOSEException {
        for (JWK key : List.of(rsa, ec)) {
            byte[] der = key instanceof RSAKey r
                    ? r.toRSAPublicKey().getEncoded()
                    : ((ECKey) key).toECPublicKey().getEncoded();
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
            String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----";
            String jwk = key.toPublicJWK().toJSONString();
            for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512)) {
                String what = algorithm + " with the public " + key.getKeyType() + " key as ";
                add(what + "DER", mac(algorithm, key.getKeyID(), der), ALGORITHM);
                add(what + "PEM", mac(algorithm, key.getKeyID(), bytes(pem)), ALGORITHM);
                add(what + "PEM with a line break", mac(algorithm, key.getKeyID(), bytes(pem + "\n")), ALGORITHM);
                add(what + "JWK", mac(algorithm, key.getKeyID(), bytes(jwk)), ALGORITHM);
            }
        }
        add("HS256 with a secret of zeros", mac(JWSAlgorithm.HS256, "ec", new byte[64]), ALGORITHM);
        add("HS256 with a published secret", mac(JWSAlgorithm.HS256, "secret", secret.toByteArray()), ALGORITHM);
    }

    private void withAnotherAlgorithm() {
        add("RS256 by an elliptic key", written(ec, EC_SIGNATURE, header("RS256", "")), SIGNATURE);
        add("ES256 by an RSA key", written(rsa, RSA_SIGNATURE, header("ES256", "rsa")), SIGNATURE);
        add("PS256 said, RS256 done", written(rsa, RSA_SIGNATURE, header("PS256", "rsa")), SIGNATURE);
        add("RS512 said, RS256 done", written(rsa, RSA_SIGNATURE, header("RS512", "rsa")), SIGNATURE);
        add("ES384 by a key for ES256", signed(header("ES384", "")), SIGNATURE);
        add("ES512 by a key for ES256", signed(header("ES512", "")), SIGNATURE);
        add("ES256 by a key of another curve", written(ec384, EC_SIGNATURE, header("ES256", "ec384")), SIGNATURE);
        add("ES256K", signed(header("ES256K", "")), ALGORITHM);
        add("EdDSA by an elliptic key of another kind", signed(header("EdDSA", "")), SIGNATURE);
        add("RS256 by a weak key", written(weak, RSA_SIGNATURE, header("RS256", "weak")), SIGNATURE);
        add("RS256 by a key for encryption", written(forEncryption, RSA_SIGNATURE, header("RS256", "enc")), SIGNATURE);
    }

    private void withAKeyOfItsOwn() {
        String jwk = own.toPublicJWK().toJSONString();
        add("another key of that id", written(own, EC_SIGNATURE, header("ES256", "")), SIGNATURE);
        add("another key without id", written(own, EC_SIGNATURE, "{\"alg\":\"ES256\"}"), SIGNATURE);
        embedded("jwk", jwk, SIGNATURE);
        embedded("jwk", "\"" + jwk.replace("\"", "\\\"") + "\"", MALFORMED);
        embedded("jwk", own.toJSONString(), MALFORMED);
        embedded("jku", "\"" + elsewhere + "\"", SIGNATURE);
        embedded("jku", "\"" + Tokens.ISSUER + "@127.0.0.1/keys\"", SIGNATURE);
        embedded("jku", "\"file:///etc/passwd\"", SIGNATURE);
        embedded("x5u", "\"" + elsewhere + "\"", SIGNATURE);
        embedded("x5c", "[\"MIIB\"]", SIGNATURE);
        embedded("x5t#S256", "\"AAAA\"", SIGNATURE);
    }

    private void embedded(String parameter, String value, String why) {
        String header = "{\"alg\":\"ES256\",\"kid\":\"ec\",\"" + parameter + "\":" + value + "}";
        add("its own key by " + parameter + ": " + shortened(value), written(own, EC_SIGNATURE, header), why);
        String unnamed = header.replace("\"kid\":\"ec\",", "");
        add(
                "its own key by " + parameter + " without kid: " + shortened(value),
                written(own, EC_SIGNATURE, unnamed),
                why);
    }

    private void withAKeyIdThatIsMore() {
        for (String id : List.of(
                "../../../../../../dev/null",
                "/proc/self/environ",
                "x' UNION SELECT 'AAAA",
                "ec\\u0000",
                "EC",
                "ec ",
                "*",
                "",
                "${jndi:ldap://127.0.0.1/a}",
                "|/bin/sh",
                "https://127.0.0.1/keys",
                "\\r\\nx-admin: yes",
                "k".repeat(6_000))) {
            add("kid " + shortened(id), written(own, EC_SIGNATURE, header("ES256", id)), SIGNATURE);
        }
        add("kid a number", signed("{\"alg\":\"ES256\",\"kid\":1}"), MALFORMED);
        add("kid an object", signed("{\"alg\":\"ES256\",\"kid\":{\"$ne\":null}}"), MALFORMED);
        add("kid a list", signed("{\"alg\":\"ES256\",\"kid\":[\"ec\"]}"), MALFORMED);
    }

    private void withExtensions() {
        extended("\"crit\":[\"x-limit\"],\"x-limit\":1", EXTENSION);
        extended("\"crit\":[\"exp\"],\"exp\":4102444800", EXTENSION);
        extended("\"crit\":[\"kid\"]", EXTENSION);
        extended("\"crit\":[]", EXTENSION);
        extended("\"crit\":\"x-limit\",\"x-limit\":1", MALFORMED);
        extended("\"crit\":[\"b64\"],\"b64\":false", EXTENSION);
        extended("\"b64\":false", EXTENSION);
        extended("\"b64\":\"false\"", MALFORMED);
    }

    private void extended(String members, String why) {
        add("header with " + members, signed("{\"alg\":\"ES256\",\"kid\":\"ec\"," + members + "}"), why);
    }

    private void writtenOtherwise() throws JOSEException {
        String valid = valid();
        String[] parts = valid.split("\\.");
        add("padding", valid + "==", MALFORMED);
        add("the other alphabet", parts[0] + "." + parts[1] + "." + parts[2].substring(2) + "+/", MALFORMED);
        add("bits that are left over", valid.substring(0, valid.length() - 1) + next(valid), MALFORMED);
        add("a tab inside", parts[0] + ".\t" + parts[1] + "." + parts[2], MALFORMED);
        add("a space inside", parts[0] + "." + parts[1] + ". " + parts[2], MALFORMED);
        add("a dot at the end", valid + ".", MALFORMED);
        add("a dot at the front", "." + valid, MALFORMED);
        add("percent-encoded", valid.replace(".", "%2E"), MALFORMED);
        add("two tokens with a space", valid + " " + valid, MALFORMED);
        add("two tokens with a comma", valid + "," + valid, MALFORMED);
        add("in quotes", "\"" + valid + "\"", MALFORMED);
        add("characters that decoders skip", valid + "*!", MALFORMED);
        add("characters beyond ASCII", valid + "\u00e9", MALFORMED);
        String flattened = "{\"protected\":\"%s\",\"payload\":\"%s\",\"signature\":\"%s\"}";
        add("as flattened JSON", flattened.formatted((Object[]) parts), MALFORMED);
        String general = "{\"payload\":\"%2$s\",\"signatures\":[{\"protected\":\"%1$s\",\"signature\":\"%3$s\"}]}";
        add("as general JSON", general.formatted((Object[]) parts), MALFORMED);
        add(
                "inside of another token",
                Tokens.written(ec, EC_SIGNATURE, header("ES256", "").replace("JWT\"", "JWT\",\"cty\":\"JWT\""), valid),
                MALFORMED);
        add("encrypted to the issuer's key", encrypted(), MALFORMED);
        String slow = "{\"alg\":\"PBES2-HS512+A256KW\",\"enc\":\"A128CBC-HS256\",\"p2c\":2147483647,\"p2s\":\"AAAA\"}";
        add("encrypted by a password of many rounds", Base64URL.encode(slow) + ".AAAA.AAAA.AAAA.AAAA", MALFORMED);
        add("alg twice, none last", signed("{\"alg\":\"ES256\",\"kid\":\"ec\",\"alg\":\"none\"}"), MALFORMED);
        add("alg twice, none first", signed("{\"alg\":\"none\",\"kid\":\"ec\",\"alg\":\"ES256\"}"), MALFORMED);
        add(
                "a claim twice",
                Tokens.written(
                        ec,
                        EC_SIGNATURE,
                        header("ES256", ""),
                        "{\"sub\":\"admin\"," + json(Tokens.claims()).substring(1)),
                MALFORMED);
        add(
                "iss twice",
                Tokens.written(
                        ec,
                        EC_SIGNATURE,
                        header("ES256", ""),
                        "{\"iss\":\"https://evil.example.com\","
                                + json(Tokens.claims()).substring(1)),
                MALFORMED);
        for (String payload :
                List.of("\"a\"", "1", "null", "true", "no json", "", "{", "{}x", "{'iss':'a'}", "{\"iss\":NaN}")) {
            add(
                    "claims that are " + payload,
                    Tokens.written(ec, EC_SIGNATURE, header("ES256", ""), payload),
                    MALFORMED);
        }
        for (String payload : List.of("[]", "{}", "\ufeff{}")) {
            add("claims that are " + payload, Tokens.written(ec, EC_SIGNATURE, header("ES256", ""), payload), ISSUER);
        }
        add(
                "claims with a comment",
                Tokens.written(
                        ec,
                        EC_SIGNATURE,
                        header("ES256", ""),
                        "{/**/" + json(Tokens.claims()).substring(1)),
                MALFORMED);
        for (String header : List.of("[]", "null", "\"ES256\"", "", "{", "{\"alg\":\"ES256\"}}")) {
            add("a header that is " + header, signed(header), MALFORMED);
        }
    }

    private void tooMuch() {
        add("16 KiB and more", "e".repeat(Token.LONGEST + 1), "The token is too long.");
        add(
                "a valid one that is too long",
                signed(header("ES256", "").replace("}", ",\"x\":\"" + "x".repeat(Token.LONGEST) + "\"}")),
                "The token is too long.");
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        add("claims nested 5,000 deep", unsigned(header("ES256", ""), "AAAA", "{\"a\":" + deep + "}"), MALFORMED);
        add("a header nested 5,000 deep", unsigned("{\"alg\":\"ES256\",\"a\":" + deep + "}", "AAAA"), MALFORMED);
        String objects = "{\"a\":".repeat(1_500) + "1" + "}".repeat(1_500);
        add("claims of 1,500 objects in each other", unsigned(header("ES256", ""), "AAAA", objects), MALFORMED);
        String digits = "{\"iss\":\"" + Tokens.ISSUER + "\",\"exp\":" + "9".repeat(8_000) + "}";
        add("a number of 8,000 digits", unsigned(header("ES256", ""), "AAAA", digits), MALFORMED);
        String exponent = "{\"iss\":\"" + Tokens.ISSUER + "\",\"exp\":1e2000000000}";
        add("a number with a huge exponent", unsigned(header("ES256", ""), "AAAA", exponent), MALFORMED);
    }

    private void withSignaturesThatAreNone() {
        byte[] order = Curve.P_256.toECParameterSpec().getOrder().toByteArray();
        byte[] n = Arrays.copyOfRange(order, order.length - 32, order.length);
        byte[] one = new byte[32];
        one[31] = 1;
        forged("zeros (CVE-2022-21449)", ec, new byte[64]);
        forged("r 0, s 1", ec, both(new byte[32], one));
        forged("r 1, s 0", ec, both(one, new byte[32]));
        forged("r and s the order", ec, both(n, n));
        forged("r 1, s the order", ec, both(one, n));
        forged("r the order, s 1", ec, both(n, one));
        forged("63 bytes", ec, new byte[63]);
        forged("65 bytes", ec, new byte[65]);
        forged("1 byte", ec, new byte[1]);
        forged("DER in the place of r and s", ec, Tokens.signature(ec, "SHA256withECDSA", content("ES256", "ec")));
        byte[] real = Tokens.signature(ec, EC_SIGNATURE, content("ES256", "ec"));
        forged(
                "r and s with zeros in front",
                ec,
                both(padded(Arrays.copyOf(real, 32)), padded(Arrays.copyOfRange(real, 32, 64))));
        forged("a byte more", ec, Arrays.copyOf(real, 65));
        forged("RSA zeros", rsa, new byte[256]);
        byte[] small = new byte[256];
        small[255] = 1;
        forged("RSA one", rsa, small);
        forged("the modulus", rsa, rsa.getModulus().decode());
        forged("RSA of 255 bytes", rsa, new byte[255]);
        forged("RSA of 1 byte", rsa, new byte[1]);
        byte[] realRsa = Tokens.signature(rsa, RSA_SIGNATURE, content("RS256", "rsa"));
        forged("RSA with zeros behind", rsa, Arrays.copyOf(realRsa, 257));
        add("other claims under a signature", swapped(), SIGNATURE);
    }

    private void forged(String name, JWK key, byte[] signature) {
        String content = content(key instanceof ECKey ? "ES256" : "RS256", key.getKeyID());
        add("signature: " + name, content + "." + Base64URL.encode(signature), SIGNATURE);
    }

    private void ofAnotherType() {
        for (String type : List.of(
                "dpop+jwt",
                "logout+jwt",
                "secevent+jwt",
                "entity-statement+jwt",
                "JOSE",
                "JWE",
                "application/json",
                "")) {
            add("typ " + type, signed(header("ES256", "").replace("\"JWT\"", "\"" + type + "\"")), TYPE);
        }
        add("typ a number", signed(header("ES256", "").replace("\"JWT\"", "1")), MALFORMED);
        Map<String, Object> idToken = Tokens.with("aud", "the-web-app");
        idToken.put("nonce", "n");
        add("an ID token, which is meant for the client", of(idToken), AUDIENCE);
    }

    private void withOtherClaims() {
        for (Object iss : List.of(
                Tokens.ISSUER + "/",
                Tokens.ISSUER.toUpperCase(Locale.ROOT),
                Tokens.ISSUER + ".evil.example.com",
                Tokens.ISSUER + "#",
                " " + Tokens.ISSUER,
                Tokens.ISSUER.replace("https", "http"),
                "",
                List.of(Tokens.ISSUER),
                Map.of("a", Tokens.ISSUER),
                1)) {
            claim("iss", iss, ISSUER);
        }
        claim("iss", null, ISSUER);
        for (Object aud : List.of(
                "",
                "shop2",
                "sho",
                "Shop",
                " shop",
                "shop other",
                List.of(),
                List.of("bank"),
                List.of(List.of("shop")),
                Map.of("shop", "shop"),
                true,
                1)) {
            claim("aud", aud, AUDIENCE);
        }
        claim("aud", null, AUDIENCE);
        for (Object exp : List.of("4102444800", true, List.of(4102444800L), Map.of("a", 4102444800L), "")) {
            claim("exp", exp, ENDLESS);
        }
        claim("exp", null, ENDLESS);
        add("exp 1e999", raw("exp", "1e999"), MALFORMED);
        for (Object exp : List.of(0, -1, Tokens.NOW - 30, -1e300, Tokens.NOW - 30.5)) {
            claim("exp", exp, EXPIRED);
        }
        for (String claim : List.of("nbf", "iat")) {
            for (Object time : List.of(Tokens.NOW + 31, 1e300, "0", true, List.of(0))) {
                claim(claim, time, EARLY);
            }
            add(claim + " 1e999", raw(claim, "1e999"), MALFORMED);
        }
        for (Object sub : List.of("", List.of(), List.of("alice", "admin"), Map.of("name", "admin"))) {
            claim("sub", sub, UNNAMED);
        }
        claim("sub", null, UNNAMED);
    }

    private void claim(String name, @Nullable Object value, String why) {
        add(name + " " + value, of(Tokens.with(name, value)), why);
    }

    private void add(String name, String token, String why) {
        all.add(new Attack(name, token, why));
    }

    /** What the table's attacks vary; it is accepted. */
    String valid() {
        return signed(header("ES256", ""));
    }

    private String of(Map<String, Object> claims) {
        return Tokens.written(ec, EC_SIGNATURE, header("ES256", ""), json(claims));
    }

    /** A claim as a text of JSON that a library may not write. */
    private String raw(String claim, String json) {
        String claims = json(Tokens.with(claim, "@")).replace("\"@\"", json);
        return Tokens.written(ec, EC_SIGNATURE, header("ES256", ""), claims);
    }

    private String signed(String header) {
        return written(ec, EC_SIGNATURE, header);
    }

    private static String written(JWK key, String algorithm, String header) {
        return Tokens.written(key, algorithm, header, json(Tokens.claims()));
    }

    private static String header(String algorithm, String kid) {
        return "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\",\"kid\":\"" + (kid.isEmpty() ? "ec" : kid) + "\"}";
    }

    private static String content(String algorithm, String kid) {
        return Base64URL.encode(header(algorithm, kid)) + "." + Base64URL.encode(json(Tokens.claims()));
    }

    private static String unsigned(String header, String signature) {
        return unsigned(header, signature, json(Tokens.claims()));
    }

    private static String unsigned(String header, String signature, String payload) {
        return Base64URL.encode(header) + "." + Base64URL.encode(payload) + "." + signature;
    }

    private static String mac(JWSAlgorithm algorithm, String kid, byte[] key) throws JOSEException {
        JWSObject jws =
                new JWSObject(new JWSHeader.Builder(algorithm).keyID(kid).build(), new Payload(Tokens.claims()));
        jws.sign(new MACSigner(Arrays.copyOf(key, Math.max(key.length, 64))));
        return jws.serialize();
    }

    private String encrypted() throws JOSEException {
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A128GCM).build(),
                new Payload(valid()));
        jwe.encrypt(new RSAEncrypter(rsa.toRSAPublicKey()));
        return jwe.serialize();
    }

    private String swapped() {
        String[] parts = valid().split("\\.");
        return parts[0] + "." + Base64URL.encode(json(Tokens.with("sub", "admin"))) + "." + parts[2];
    }

    private static String cut(String token) {
        return token.substring(0, token.lastIndexOf('.') + 1);
    }

    /** Another last character, which differs only in bits that no byte needs. */
    private static char next(String token) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(token.charAt(token.length() - 1)) + 1);
    }

    private static byte[] both(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] padded(byte[] number) {
        return both(new byte[1], number);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String json(Map<String, Object> claims) {
        return JSONObjectUtils.toJSONString(claims);
    }

    private static String shortened(String text) {
        return text.length() < 40 ? text : text.substring(0, 40) + "…";
    }
}
