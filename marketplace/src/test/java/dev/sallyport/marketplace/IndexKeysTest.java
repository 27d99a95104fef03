package dev.sallyport.marketplace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.marketplace.IndexKeys.Seen;
import dev.sallyport.marketplace.IndexKeys.Verified;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which indexes are believed; the attacks are named after those of The Update Framework's specification. */
final class IndexKeysTest {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final Release RELEASE = new Release(
            "1.0.0",
            "acme-stamp/acme-stamp-1.0.0.jar",
            "ab".repeat(32),
            1234,
            NOW,
            ">=0.1.0 & <1.0.0",
            Set.of("exit"),
            "Apache-2.0",
            List.of("acme/stamp"),
            "acme-stamp/acme-stamp-1.0.0.jar.cdx.json",
            "cd".repeat(32),
            "");
    private static final Listing STAMP = new Listing(
            "acme-stamp",
            "acme",
            "Stamps.",
            "https://example.com/stamp",
            "stable",
            "may meet strangers",
            "use acme-seal",
            List.of(
                    RELEASE,
                    new Release(
                            "0.9.0",
                            "acme-stamp/old.jar",
                            "ef".repeat(32),
                            1,
                            NOW,
                            "",
                            Set.of(),
                            "",
                            List.of(),
                            "",
                            "",
                            "broken")),
            List.of(new Advisory(
                    "CVE-2026-1", "high", "It leaks.", ">=0.9.0 & <1.0.0", "1.0.0", "https://example.com/1")));

    private static Index index(long version) {
        return new Index(
                "shop",
                version,
                NOW,
                NOW.plusSeconds(3600),
                Map.of("acme-stamp", STAMP),
                Map.of("0f".repeat(32), "its key was stolen"));
    }

    private static IndexKeys trusting(int threshold, Signer... signers) {
        return new IndexKeys(
                "shop", Arrays.stream(signers).map(Signer::publicKey).toList(), threshold);
    }

    private static byte[] signed(Index index, Signer... signers) {
        return index.sign(List.of(signers)).toJson().getBytes(StandardCharsets.UTF_8);
    }

    private static Verified verify(IndexKeys keys, byte[] envelope, @Nullable Seen before)
            throws RefusedIndexException {
        return keys.verify(envelope, NOW, before);
    }

    private static void refuses(IndexKeys keys, byte[] envelope, @Nullable Seen before, String... why) {
        assertThatThrownBy(() -> verify(keys, envelope, before))
                .isInstanceOf(RefusedIndexException.class)
                .hasMessageStartingWith("the index of the marketplace shop ")
                .hasMessageContainingAll(why);
    }

    /** An envelope over any text, signed. */
    private static byte[] over(String payload) {
        Envelope unsigned = new Envelope(Statement.PAYLOAD_TYPE, payload.getBytes(StandardCharsets.UTF_8), List.of());
        return unsigned.withSignatures(List.of(Keys.A.signed(unsigned)))
                .toJson()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Index index) {
        return new String(IndexWriter.write(index), StandardCharsets.UTF_8);
    }

    @Test
    void readsWhatWasWrittenWhole() throws Exception {
        Verified verified = verify(trusting(1, Keys.A), signed(index(7), Keys.A), null);

        assertThat(verified.index()).isEqualTo(index(7));
        assertThat(verified.seen().version()).isEqualTo(7);
        assertThat(verified.seen().sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void theSameIndexAndANewerOneAreBelieved() throws Exception {
        IndexKeys keys = trusting(1, Keys.A);
        Seen seen = verify(keys, signed(index(7), Keys.A), null).seen();

        assertThat(verify(keys, signed(index(7), Keys.A), seen).index().version())
                .isEqualTo(7);
        assertThat(verify(keys, signed(index(8), Keys.A), seen).index().version())
                .isEqualTo(8);
    }

    @Test
    void refusesAnIndexThatWasAlteredAfterItWasSigned() {
        String envelope = new String(signed(index(7), Keys.A), StandardCharsets.UTF_8);
        String payload = Base64.getEncoder().encodeToString(text(index(7)).getBytes(StandardCharsets.UTF_8));
        String altered = Base64.getEncoder()
                .encodeToString(
                        text(index(7)).replace("ab".repeat(32), "ba".repeat(32)).getBytes(StandardCharsets.UTF_8));

        refuses(
                trusting(1, Keys.A),
                envelope.replace(payload, altered).getBytes(StandardCharsets.UTF_8),
                null,
                "signed with none of its keys, or was changed after it was signed");
    }

    @Test
    void refusesTheKeyOfSomebodyElse() {
        refuses(trusting(1, Keys.A), signed(index(7), Keys.B), null, "signed with none of its keys");
    }

    @Test
    void refusesAnIndexBelowTheThreshold() throws Exception {
        IndexKeys keys = trusting(2, Keys.A, Keys.B);

        refuses(keys, signed(index(7), Keys.A), null, "is signed with 1 of its keys (expected: 2)");
        refuses(keys, signed(index(7), Keys.A, Keys.A), null, "is signed with 1 of its keys (expected: 2)");
        Envelope one = index(7).sign(List.of(Keys.A));
        byte[] both = Keys.B.countersign(one).toJson().getBytes(StandardCharsets.UTF_8);
        assertThat(verify(keys, both, null).index()).isEqualTo(index(7));
    }

    @Test
    void oldAndNewKeysStandSideBySideWhileTheyChange() throws Exception {
        byte[] both = signed(index(8), Keys.A, Keys.B);

        assertThat(verify(trusting(1, Keys.A), both, null).index().version()).isEqualTo(8);
        assertThat(verify(trusting(1, Keys.B), both, null).index().version()).isEqualTo(8);
    }

    /** TUF's rollback attack. */
    @Test
    void refusesAReplayedOlderIndexAlsoAfterItsKeysHaveChanged() throws Exception {
        Seen seen = verify(trusting(1, Keys.A), signed(index(8), Keys.A), null).seen();

        refuses(
                trusting(1, Keys.A),
                signed(index(7), Keys.A),
                seen,
                "has the version 7, and version 8 was seen before",
                "somebody replays an old index");
        refuses(trusting(1, Keys.B), signed(index(7), Keys.B), seen, "somebody replays an old index");
    }

    /** Two faces: each reader is told another story under one version. */
    @Test
    void refusesAnotherIndexOfTheVersionThatWasSeen() throws Exception {
        Seen seen = verify(trusting(1, Keys.A), signed(index(8), Keys.A), null).seen();
        Index other = new Index("shop", 8, NOW, NOW.plusSeconds(3600), Map.of("acme-stamp", STAMP), Map.of());

        refuses(trusting(1, Keys.A), signed(other, Keys.A), seen, "another index of that version was seen before");
    }

    /** TUF's indefinite freeze attack. */
    @Test
    void refusesAnExpiredIndex() {
        Index old = new Index("shop", 9, NOW.minusSeconds(60), NOW, Map.of("acme-stamp", STAMP), Map.of());

        refuses(
                trusting(1, Keys.A),
                signed(old, Keys.A),
                null,
                "expired at 2026-11-27T10:00:00Z",
                "whether a newer one is held back");
    }

    @Test
    void refusesTheIndexOfAnotherMarketplaceThatHasTheSameKeys() {
        Index other = new Index("staging", 9, NOW, NOW.plusSeconds(60), Map.of("acme-stamp", STAMP), Map.of());

        refuses(trusting(1, Keys.A), signed(other, Keys.A), null, "is the index of the marketplace staging");
    }

    @Test
    void refusesAPluginsStatementInThePlaceOfAnIndex() {
        Statement statement = new Statement("x.jar", "ab".repeat(32), "acme-x", "1.0.0", "", Set.of());

        refuses(
                trusting(1, Keys.A),
                Keys.A.sign(statement).toJson().getBytes(StandardCharsets.UTF_8),
                null,
                "has the predicateType urn:sallyport:plugin:v1");
    }

    @Test
    void anIndexIsNoSignatureOfAJar() {
        Statement jar = new Statement("x.jar", "ab".repeat(32), "acme-stamp", "1.0.0", "", Set.of());
        TrustStore store = new TrustStore(List.of(Keys.publisher(1, Keys.A)));

        // With one subject, the jar's: as like a statement as an index can be.
        Release only = new Release("1.0.0", "x.jar", "ab".repeat(32), 1, NOW, "", Set.of(), "", List.of(), "", "", "");
        Index one = new Index(
                "shop",
                1,
                NOW,
                NOW.plusSeconds(3600),
                Map.of("acme-stamp", STAMP.withReleases(List.of(only))),
                Map.of());
        assertThat(text(one)).containsOnlyOnce("\"digest\"");

        assertThat(store.verify(signed(one, Keys.A), jar))
                .isInstanceOfSatisfying(
                        Verification.Refused.class,
                        refused -> assertThat(refused.reason())
                                .contains("has the predicateType urn:sallyport:marketplace:v1 (expected:"
                                        + " urn:sallyport:plugin:v1)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20261127120000.0.1", "1.0.0-0.a-b.0x1+001.7", "1.0.0--", "10.20.30+a"})
    void readsEverySemanticVersion(String version) throws Exception {
        byte[] envelope = over(text(index(1)).replace("\"version\":\"1.0.0\"", "\"version\":\"" + version + "\""));

        assertThat(verify(trusting(1, Keys.A), envelope, null)
                        .index()
                        .plugins()
                        .get("acme-stamp")
                        .release(version))
                .isPresent();
    }

    @Test
    void readsIdsOfTheMostCharacters() throws Exception {
        String id = "a".repeat(100);
        byte[] envelope = over(text(index(1)).replace("\"acme-stamp\":{", "\"" + id + "\":{"));

        assertThat(verify(trusting(1, Keys.A), envelope, null).index().plugins())
                .containsOnlyKeys(id);
    }

    static Stream<Arguments> malformed() {
        String good = text(index(1));
        String file = "acme-stamp/acme-stamp-1.0.0.jar\"";
        return Stream.of(
                Arguments.of(good.replace(file, "../../etc/cron.d/x\""), "names the file '../../etc/cron.d/x'"),
                Arguments.of(good.replace(file, "/etc/passwd\""), "names the file '/etc/passwd'"),
                Arguments.of(good.replace(file, "a/.ssh/x.jar\""), "names the file 'a/.ssh/x.jar'"),
                Arguments.of(good.replace(file, "a\\\\..\\\\x.jar\""), "names the file"),
                Arguments.of(good.replace(file, "http://10.0.0.1/x.jar\""), "names the file"),
                Arguments.of(good.replace(file, "a%2e%2e/x\""), "names the file"),
                Arguments.of(good.replace("\"acme-stamp\":{", "\"../acme\":{"), "has the plugin id '../acme'"),
                Arguments.of(good.replace("\"version\":\"1.0.0\"", "\"version\":\"1.0\""), "has the version '1.0'"),
                Arguments.of(
                        good.replace("\"version\":\"1.0.0\"", "\"version\":\"0.9.0\""), "lists acme-stamp 0.9.0 twice"),
                Arguments.of(good.replace("\"version\":1,", "\"version\":0,"), "no whole number above 0"),
                Arguments.of(good.replace("\"version\":1,", "\"version\":\"1\","), "no whole number above 0"),
                Arguments.of(good.replace("\"size\":1234", "\"size\":-1"), "no whole number above 0"),
                Arguments.of(good.replace("\"size\":1234", "\"size\":99999999999"), "expected: at most 268435456"),
                Arguments.of(good.replace("\"size\":1234", "\"size\":1e3"), "no whole number above 0"),
                Arguments.of(
                        good.replace("\"file\":\"acme-stamp/old.jar\"", "\"file\":\"x.jar\""), "none of its subjects"),
                Arguments.of(good.replace("\"expires\":\"2026", "\"expires\":\"next"), "has the expires"),
                Arguments.of(good.replace("Stamps.", "Stamps.\\u001b[2J"), "has a description with control characters"),
                Arguments.of(good.replace("Stamps.", "Stamps.\\u202e"), "has a description with control characters"),
                Arguments.of(good.replace("Stamps.", "x".repeat(3000)), "more than 2000 characters"),
                Arguments.of(good.replace("https://example.com/stamp", "javascript:alert(1)"), "has the docs"),
                Arguments.of(good.replace("\"high\"", "\"HIGH\""), "has the severity 'HIGH'"),
                Arguments.of(good.replace("0f0f", "0g0g"), "revokes"),
                Arguments.of(good.replace("its key was stolen", " "), "without a reason"),
                Arguments.of(good.replace("\"its key was stolen\"", "7"), "without a reason"),
                Arguments.of(
                        good.replace("\"version\":\"1.0.0\"", "\"version\":\"1.0.0-01\""),
                        "has the version '1.0.0-01'"),
                Arguments.of(
                        good.replace("\"version\":\"1.0.0\"", "\"version\":\"1.0.0-a..b\""),
                        "has the version '1.0.0-a..b'"),
                Arguments.of(good.replace("\"stable\"", "\"perfect\""), "has the status 'perfect'"),
                Arguments.of(good.replace("\"plugins\":{", "\"plugins\":{\"acme-stamp\":{},"), "Duplicate"),
                Arguments.of(good + " {}", "is no JSON"),
                Arguments.of("[".repeat(1000), "is no JSON"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesAnIndexThatIsSignedAndWrong(String payload, String why) {
        refuses(trusting(1, Keys.A), over(payload), null, why);
    }

    @Test
    void readsNoMoreThanAnIndexMayHave() {
        byte[] large = new byte[Index.MOST_BYTES + 1];

        refuses(trusting(1, Keys.A), large, null, "has more than " + Index.MOST_BYTES + " bytes");
    }
}
