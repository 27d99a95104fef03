package dev.sallyport.marketplace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.marketplace.Verification.Refused;
import dev.sallyport.marketplace.Verification.Trusted;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TrustStoreTest {

    private static final Statement JAR =
            new Statement("stamp.jar", "ab".repeat(32), "acme-stamp", "1.0.0", ">=0.1.0", Set.of("exit"));

    private static Verification verify(TrustStore store, String envelope) {
        return store.verify(envelope.getBytes(StandardCharsets.UTF_8), JAR);
    }

    private static TrustStore trusting(int threshold, Signer... signers) {
        return new TrustStore(List.of(Keys.publisher(threshold, signers)));
    }

    private static String refusal(TrustStore store, String envelope) {
        assertThat(verify(store, envelope)).isInstanceOf(Refused.class);
        return ((Refused) verify(store, envelope)).reason();
    }

    @Test
    void tellsWhoSignedAndGivesWhatWasSigned() {
        String envelope = Keys.A.sign(JAR).toJson();

        assertThat(verify(trusting(1, Keys.A, Keys.B), envelope)).isEqualTo(new Trusted("acme", JAR));
        assertThat(envelope.length()).isLessThan(1_500);
    }

    @Test
    void refusesTheKeyOfSomebodyElse() {
        String envelope = Signer.generate().sign(JAR).toJson();

        assertThat(refusal(trusting(1, Keys.A), envelope))
                .startsWith("is signed with no key that is trusted here (the signature names the key ")
                .endsWith("take jar and signature anew");
        assertThat(refusal(new TrustStore(List.of()), envelope)).contains("no key that is trusted here");
    }

    @Test
    void triesKeysOfTheStoreWhateverTheEnvelopeSaysOfThem() {
        String foreign = Signer.generate().sign(JAR).toJson();
        String claimed = foreign.replaceFirst(
                "\"keyid\" : \"[0-9a-f]+", "\"keyid\" : \"" + Keys.A.publicKey().id());
        String nameless = Keys.A.sign(JAR).toJson().replaceFirst("\"keyid\" : \"[0-9a-f]+", "\"keyid\" : \"");

        assertThat(refusal(trusting(1, Keys.A), claimed)).contains("no key that is trusted here");
        assertThat(verify(trusting(1, Keys.A), nameless)).isInstanceOf(Trusted.class);
    }

    @Test
    void refusesAPayloadThatWasChanged() {
        String envelope = Keys.A.sign(JAR).toJson();
        String payload = envelope.replaceAll("(?s).*\"payload\" : \"([^\"]+)\".*", "$1");
        String text = new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8);
        String changed = Base64.getEncoder()
                .encodeToString(text.replace("1.0.0", "9.0.0").getBytes(StandardCharsets.UTF_8));

        assertThat(refusal(trusting(1, Keys.A), envelope.replace(payload, changed)))
                .contains("was changed after it was signed");
    }

    @Test
    void refusesATypeThatWasChanged() {
        String envelope = Keys.A.sign(JAR).toJson().replace(Statement.PAYLOAD_TYPE, "application/json");

        assertThat(refusal(trusting(1, Keys.A), envelope))
                .startsWith("has a signature over the type application/json (expected: application/vnd.in-toto+json)");
    }

    @Test
    void refusesASignatureThatWasCut() {
        String envelope = Keys.A.sign(JAR).toJson();
        String signature = envelope.replaceAll("(?s).*\"sig\" : \"([^\"]+)\".*", "$1");

        assertThat(refusal(trusting(1, Keys.A), envelope.replace(signature, signature.substring(0, 40))))
                .contains("no key that is trusted here");
        assertThat(refusal(trusting(1, Keys.A), envelope.replace(signature, "")))
                .contains("no key that is trusted");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        nonsense                                                         | is no JSON (
        []                                                               | is no JSON object
        {"payload": "", "payloadType": "a"}                              | has no signatures
        {"payload": "", "payloadType": "a", "signatures": []}            | has no signatures
        {"payload": "", "payloadType": "a", "signatures": [{}]}          | has no text in the field sig
        {"payloadType": "a", "signatures": [{"sig": ""}]}                | has no text in the field payload
        {"payload": 1, "payloadType": "a", "signatures": [{"sig": ""}]}  | has no text in the field payload
        {"payload": "", "signatures": [{"sig": ""}]}                     | has no text in the field payloadType
        {"payload": "*", "payloadType": "a", "signatures": [{"sig": ""}]}| has no base64 in the field payload
        {"payload": "", "payload": "", "payloadType": "a"}               | is no JSON (Duplicate
        {"payload": "", "payloadType": "a", "signatures": [{"sig": ""}]} {} | is no JSON (
        """)
    void refusesAnEnvelopeThatIsNone(String envelope, String why) {
        assertThat(refusal(trusting(1, Keys.A), envelope))
                .startsWith("has a signature that cannot be read, since it " + why);
    }

    @Test
    void refusesWhatIsTooLargeTooDeepOrTooMuch() {
        String envelope = Keys.A.sign(JAR).toJson();
        String many = envelope.replaceFirst("(?s)\\[ (.*?}) ]", "[ " + "$1, ".repeat(17) + "$1 ]");

        assertThat(refusal(trusting(1, Keys.A), envelope + " ".repeat(Envelope.MOST_BYTES)))
                .contains("has more than 65536 bytes");
        assertThat(refusal(trusting(1, Keys.A), "{\"a\":" + "[".repeat(10_000))).contains("is no JSON (");
        assertThat(refusal(trusting(1, Keys.A), many)).contains("has 18 signatures (expected: at most 16)");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] utf16 = Keys.A.sign(JAR).toJson().getBytes(StandardCharsets.UTF_16);

        assertThat(trusting(1, Keys.A).verify(utf16, JAR)).asString().contains("is not UTF-8");
    }

    @Test
    void asksForAsManyKeysAsTheThresholdSays() throws MalformedException {
        TrustStore store = trusting(2, Keys.A, Keys.B);
        Envelope one = Keys.A.sign(JAR);
        Envelope twiceTheSame = Keys.A.sign(JAR, one);
        Envelope two = Keys.B.sign(JAR, Envelope.parse(one.toJson().getBytes(StandardCharsets.UTF_8)));

        assertThat(refusal(store, one.toJson()))
                .isEqualTo("is signed with 1 of the keys of acme (expected: 2); have it signed with more of them");
        assertThat(refusal(store, twiceTheSame.toJson())).contains("1 of the keys");
        assertThat(verify(store, two.toJson())).isInstanceOf(Trusted.class);
    }

    @Test
    void aSignatureAddedToAnotherStatementStandsAlone() {
        Statement other = new Statement("stamp.jar", "cd".repeat(32), "acme-stamp", "1.0.0", ">=0.1.0", Set.of());

        Envelope envelope = Keys.B.sign(JAR, Keys.A.sign(other));

        assertThat(verify(trusting(1, Keys.B), envelope.toJson())).isInstanceOf(Trusted.class);
        assertThat(refusal(trusting(1, Keys.A), envelope.toJson())).contains("no key that is trusted");
    }

    @Test
    void refusesAPublisherWhoMayNotSignThatId() {
        Publisher shop = new Publisher(
                "shop", List.of(Keys.A.publicKey()), List.of(IdPrefix.parse("shop-"), IdPrefix.parse("cart")), 1);

        assertThat(refusal(new TrustStore(List.of(shop)), Keys.A.sign(JAR).toJson()))
                .isEqualTo("is signed by shop, who may not sign the plugin id acme-stamp (expected: shop-, cart); add"
                        + " it to the publisher's prefixes, if you mean that");
    }

    @ParameterizedTest
    @CsvSource({
        "acme-, acme-stamp, true",
        "acme-, acme-, true",
        "acme-, acme, false",
        "acme-, acmecorp-x, false",
        "acme, acme, true",
        "acme, acme-stamp, false",
        "acme, acmecorp-x, false",
        "acme., acme.stamp, true",
        "acme-, ACME-stamp, false",
        "*, anything, true"
    })
    void aPrefixCoversWholeWords(String prefix, String id, boolean covered) {
        assertThat(IdPrefix.parse(prefix).covers(id)).isEqualTo(covered);
    }

    @Test
    void refusesWhatTheJarSaysOtherwise() {
        TrustStore store = trusting(1, Keys.A);
        Set<String> none = Set.of();
        String sha256 = JAR.sha256();

        differs(store, new Statement("a", "cd".repeat(32), "acme-stamp", "1.0.0", "", none), "sha256 cdcd");
        differs(store, new Statement("a", sha256, "acme-other", "1.0.0", "", none), "id acme-other");
        differs(store, new Statement("a", sha256, "acme-stamp", "1.1.0", "", none), "version 1.1.0");
        differs(store, new Statement("a", sha256, "acme-stamp", "1.0.0", "*", none), "requires *");
        differs(store, new Statement("a", sha256, "acme-stamp", "1.0.0", ">=0.1.0", none), "permissions []");
        assertThat(verify(
                        store,
                        Keys.A
                                .sign(new Statement("a", sha256, "acme-stamp", "1.0.0", ">=0.1.0", Set.of("exit")))
                                .toJson()))
                .as("another file name")
                .isInstanceOf(Trusted.class);
    }

    private static void differs(TrustStore store, Statement signed, String what) {
        assertThat(refusal(store, Keys.A.sign(signed).toJson()))
                .startsWith("is not what acme signed: the signature is over the " + what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"_type\": \"https://in-toto.io/Statement/v0.1\"}",
                "{\"_type\": \"https://in-toto.io/Statement/v1\", \"predicateType\":"
                        + " \"https://slsa.dev/provenance/v1\"}",
                "{\"_type\": \"https://in-toto.io/Statement/v1\", \"predicateType\": \"urn:sallyport:plugin:v1\","
                        + " \"subject\": []}"
            })
    void refusesAStatementOfAnotherKind(String statement) {
        Envelope envelope = new Envelope(Statement.PAYLOAD_TYPE, statement.getBytes(StandardCharsets.UTF_8), List.of());
        Envelope signed = envelope.withSignatures(List.of(Keys.A.signed(envelope)));

        assertThat(refusal(trusting(1, Keys.A), signed.toJson()))
                .startsWith("is signed by acme with a statement that cannot be read, since it ");
    }

    @Test
    void aRevokedKeySignsNothingAnyMoreAndTheRefusalSaysSo() {
        Set<String> revoked = Set.of(Keys.A.publicKey().id());
        TrustStore store = new TrustStore(List.of(Keys.publisher(1, Keys.A, Keys.B)), revoked);

        assertThat(refusal(store, Keys.A.sign(JAR).toJson()))
                .isEqualTo("is signed with a key of acme that is revoked; take a jar that is signed with another of its"
                        + " keys");
        assertThat(verify(store, Keys.B.sign(JAR).toJson())).isInstanceOf(Trusted.class);
        assertThat(verify(store, Keys.B.sign(JAR, Keys.A.sign(JAR)).toJson())).isInstanceOf(Trusted.class);
    }

    @Test
    void aRevokedKeyNoLongerCountsForAThreshold() {
        TrustStore store = new TrustStore(
                List.of(Keys.publisher(2, Keys.A, Keys.B)),
                Set.of(Keys.B.publicKey().id()));

        assertThat(refusal(store, Keys.A.sign(JAR, Keys.B.sign(JAR)).toJson())).contains("revoked");
    }
}
