package dev.sallyport.kernel.market;

import static dev.sallyport.kernel.market.Fixture.ACME;
import static dev.sallyport.kernel.market.Fixture.SHOP;
import static dev.sallyport.kernel.market.Fixture.market;
import static dev.sallyport.kernel.market.Fixture.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.PluginJar;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Signer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Making marketplaces, copying them, and what they tell of what is installed. */
final class PublicationTest {

    @TempDir
    private Path temp;

    @SuppressWarnings("NullAway.Init")
    private Fixture fixture;

    @BeforeEach
    void make() {
        fixture = new Fixture(temp);
    }

    private Index publish(List<Signer> signers, String about, Path... jars) throws Exception {
        Path file = about.isEmpty() ? null : Files.writeString(temp.resolve("about.json"), about);
        return new Publication(temp.resolve("shop"), "shop", signers, fixture.clock)
                .publish(List.of(jars), file, Duration.ofDays(1));
    }

    private TrustConfig shop(String place) {
        return trust(market("shop", place, SHOP));
    }

    @Test
    void listsWhatJarsSayOfThemselvesAndWhatIsToldOfThem() throws Exception {
        Path jar = fixture.jar("acme-stamp", "1.0.0", ACME);
        Files.writeString(temp.resolve("acme-stamp-1.0.0.jar.cdx.json"), "{}");

        Index index = publish(List.of(SHOP), """
            {"plugins": {"acme-stamp": {
              "docs": "https://example.com/", "status": "beta", "security": "meets friends only",
              "deprecated": "use acme-seal",
              "advisories": [{"id": "ACME-1", "severity": "low", "affected": "<1.1.0", "fixed": "1.1.0"}]}},
             "revoked": {"sha256:%s": "stolen"}}\
            """.formatted("ab".repeat(32)), jar);

        assertThat(index.plugins().get("acme-stamp").publisher()).isEqualTo("acme");
        assertThat(index.plugins().get("acme-stamp").status()).isEqualTo("beta");
        assertThat(index.plugins().get("acme-stamp").releases().getFirst().types())
                .containsExactly("acme/acme-stamp");
        assertThat(index.revoked()).containsEntry("ab".repeat(32), "stolen");
        assertThat(temp.resolve("shop/acme-stamp/acme-stamp-1.0.0.jar")).exists();
        assertThat(temp.resolve("shop/acme-stamp/acme-stamp-1.0.0.jar.dsse.json"))
                .exists();
        assertThat(temp.resolve("shop/acme-stamp/acme-stamp-1.0.0.jar.cdx.json"))
                .exists();
        try (Marketplaces markets = fixture.open(shop("shop"))) {
            assertThat(markets.named("shop").index()).isEqualTo(index);
        }
    }

    @Test
    void addsToWhatIsThereAndCountsOn() throws Exception {
        publish(List.of(SHOP), "", fixture.jar("acme-stamp", "1.0.0", ACME));
        Index second = publish(List.of(SHOP), "", fixture.jar("acme-stamp", "1.1.0", ACME));
        Index renewed = publish(List.of(SHOP), "");

        assertThat(second.version()).isEqualTo(2);
        assertThat(second.plugins().get("acme-stamp").releases()).hasSize(2);
        assertThat(renewed.version()).isEqualTo(3);
        assertThat(renewed.plugins()).isEqualTo(second.plugins());
    }

    @Test
    void neverChangesAVersionThatIsPublished() throws Exception {
        publish(List.of(SHOP), "", fixture.jar("acme-stamp", "1.0.0", ACME));
        Path other = temp.resolve("other.jar");
        PluginJar.stamp("acme-stamp", "1.0.0").file("more", "x").build(other);
        Fixture.sign(other, ACME);

        assertThatThrownBy(() -> publish(List.of(SHOP), "", other))
                .hasMessageContaining("acme-stamp 1.0.0 is published already, with other bytes");
        assertThat(publish(List.of(SHOP), "", fixture.jar("acme-stamp", "1.0.0", ACME))
                        .version())
                .isEqualTo(2);
    }

    @Test
    void publishesNothingThatNobodyWouldTake() throws Exception {
        Path unsigned = PluginJar.stamp("acme-x", "1.0.0").build(temp.resolve("unsigned.jar"));
        Path wrong = fixture.jar("acme-stamp", "1.0.0", ACME);
        Files.copy(wrong, temp.resolve("wrong.jar"));
        Files.copy(Signatures.of(fixture.jar("acme-seal", "1.0.0", ACME)), temp.resolve("wrong.jar.dsse.json"));

        assertThatThrownBy(() -> publish(List.of(SHOP), "", unsigned)).hasMessageContaining("is not signed");
        assertThatThrownBy(() -> publish(List.of(SHOP), "", temp.resolve("wrong.jar")))
                .hasMessageContaining("is not what was signed");
        assertThatThrownBy(() -> publish(List.of(SHOP), "{\"plugins\": {\"nobody\": {}}}"))
                .hasMessageContaining("no version is published");
        assertThatThrownBy(
                        () -> publish(List.of(SHOP), "{\"plugins\": {\"acme-stamp\": {\"staus\": \"beta\"}}}", wrong))
                .hasMessageContaining("has the field staus")
                .hasMessageContaining("status");
        assertThatThrownBy(() ->
                        publish(List.of(SHOP), "{\"plugins\": {\"acme-stamp\": {\"status\": \"perfect\"}}}", wrong))
                .hasMessageContaining("has the status 'perfect'");
        assertThat(temp.resolve("shop/index.json")).doesNotExist();
    }

    @Test
    void goesOnWithAnIndexOfItsOwnKeysOnlySoThatKeysCanChange() throws Exception {
        Signer next = Signer.generate();
        publish(List.of(SHOP), "", fixture.jar("acme-stamp", "1.0.0", ACME));

        assertThatThrownBy(() -> publish(List.of(next), "")).hasMessageContaining("signed with none of its keys");
        publish(List.of(next, SHOP), "");
        assertThat(publish(List.of(next), "").version()).isEqualTo(3);
    }

    @Test
    void aSecondKeyHolderSignsTheIndexAfterwards() throws Exception {
        Signer second = Signer.generate();
        publish(List.of(SHOP), "", fixture.jar("acme-stamp", "1.0.0", ACME));
        TrustConfig.MarketplaceConfig both = new TrustConfig.MarketplaceConfig(
                "shop", "shop", List.of(SHOP.publicKey(), second.publicKey()), 2, List.of(), null, null, Fixture.PLACE);

        try (Marketplaces markets = fixture.open(trust(both))) {
            assertThatThrownBy(() -> markets.named("shop").index()).hasMessageContaining("1 of its keys (expected: 2)");
        }
        assertThat(Publication.countersign(temp.resolve("shop/index.json"), second)
                        .plugins())
                .containsKey("acme-stamp");
        try (Marketplaces markets = fixture.open(trust(both))) {
            assertThat(markets.named("shop").index().version()).isEqualTo(1);
        }
    }

    @Test
    void nobodySignsAfterwardsWhatIsNoIndexOrHasTooManySignatures() throws Exception {
        Path jar = fixture.jar("acme-stamp", "1.0.0", ACME);
        assertThatThrownBy(() -> Publication.countersign(Signatures.of(jar), SHOP))
                .hasMessageContainingAll("predicateType", "expected: urn:sallyport:marketplace:v1");
        publish(List.of(SHOP), "", jar);
        Path index = temp.resolve("shop/index.json");
        for (int i = 1; i < 16; i++) {
            Publication.countersign(index, Signer.generate());
        }
        String full = Files.readString(index);

        assertThatThrownBy(() -> Publication.countersign(index, Signer.generate()))
                .hasMessageContaining("has 17 signatures (expected: at most 16)");
        assertThat(index).hasContent(full);
    }

    @Test
    void aMirrorIsTakenFromAsTheOriginalIsAndFetchesOnlyWhatIsNew() throws Exception {
        publish(
                List.of(SHOP),
                "",
                fixture.jar("acme-stamp", "1.0.0", ACME),
                fixture.jar("acme-stamp", "1.1.0", ACME),
                fixture.jar("acme-seal", "1.0.0", ACME));
        Path copy = temp.resolve("copy");
        try (Marketplaces markets = fixture.open(shop("shop"))) {
            Mirror mirror = new Mirror(markets.named("shop"), Progress.NONE);
            assertThat(mirror.into(copy, List.of(new Mirror.Wanted("acme-stamp", "1.1.0"))))
                    .isEqualTo(new Mirror.Done(1, 1, 0));
            assertThat(mirror.into(copy, List.of(new Mirror.Wanted("acme-stamp", null))))
                    .isEqualTo(new Mirror.Done(1, 1, 1));
        }

        try (Marketplaces markets = fixture.open(shop("copy"))) {
            Artefact artefact = markets.fetch(markets.offers().choose("acme-stamp", null, null), Progress.NONE);
            assertThat(artefact).hasToString("acme-stamp 1.1.0");
            assertThatThrownBy(() -> markets.fetch(markets.offers().choose("acme-seal", null, null), Progress.NONE))
                    .hasMessageContaining("a mirror may hold a part of the plugins alone");
        }
        assertThat(copy.resolve("index.json")).hasSameBinaryContentAs(temp.resolve("shop/index.json"));
        assertThat(fixture.left())
                .containsExactly(
                        Plugins.hash(temp.resolve("acme-stamp-1.1.0.jar")) + ".jar",
                        Plugins.hash(temp.resolve("acme-stamp-1.1.0.jar")) + ".jar.dsse.json");
    }

    @Test
    void aMirrorHasTheNewestSignaturesAndBillsOfMaterials() throws Exception {
        Path jar = fixture.jar("acme-stamp", "1.0.0", ACME);
        Path sbom = Files.writeString(temp.resolve("acme-stamp-1.0.0.jar.cdx.json"), "{}");
        publish(List.of(SHOP), "", jar);
        Path copy = temp.resolve("copy");
        Path there = copy.resolve("acme-stamp/acme-stamp-1.0.0.jar");
        mirror(copy);
        Fixture.sign(jar, Signer.generate());
        publish(List.of(SHOP), "", jar);
        Files.writeString(there.resolveSibling(there.getFileName() + ".cdx.json"), "[]");

        assertThat(mirror(copy)).isEqualTo(new Mirror.Done(2, 0, 1));

        assertThat(Signatures.of(there)).hasSameTextualContentAs(Signatures.of(jar));
        assertThat(there.resolveSibling(there.getFileName() + ".cdx.json")).hasSameTextualContentAs(sbom);
    }

    /** Nothing is under its final name that is not what the index lists. */
    @Test
    void aMirrorTakesNoOtherBillOfMaterials() throws Exception {
        Path jar = fixture.jar("acme-stamp", "1.0.0", ACME);
        Files.writeString(temp.resolve("acme-stamp-1.0.0.jar.cdx.json"), "{}");
        publish(List.of(SHOP), "", jar);
        Files.writeString(temp.resolve("shop/acme-stamp/acme-stamp-1.0.0.jar.cdx.json"), "[]");
        Path copy = temp.resolve("copy");

        assertThatThrownBy(() -> mirror(copy)).hasMessageContaining("is not what the index of shop lists");
        assertThat(copy).doesNotExist();
    }

    private Mirror.Done mirror(Path copy) throws Exception {
        try (Marketplaces markets = fixture.open(shop("shop"))) {
            return new Mirror(markets.named("shop"), Progress.NONE).into(copy, List.of());
        }
    }

    @Test
    void aBundleIsAMarketplaceInOneFileAndTrustedAsLittle() throws Exception {
        publish(List.of(SHOP), "", fixture.jar("acme-stamp", "1.0.0", ACME));
        Path bundle = temp.resolve("bundle.zip");
        try (Marketplaces markets = fixture.open(shop("shop"))) {
            new Mirror(markets.named("shop"), Progress.NONE).bundle(bundle, List.of());
        }

        try (Marketplaces markets = fixture.open(shop("bundle.zip"))) {
            assertThat(markets.fetch(markets.offers().choose("acme-stamp", null, null), Progress.NONE))
                    .hasToString("acme-stamp 1.0.0");
        }
        try (Marketplaces markets = fixture.open(trust(market("shop", "bundle.zip", Signer.generate())))) {
            assertThatThrownBy(() -> markets.offers().choose("acme-stamp", null, null))
                    .hasMessageContaining("signed with none of its keys");
        }
        Files.writeString(temp.resolve("broken.zip"), "no zip");
        // It bothers nobody who takes from another one.
        try (Marketplaces markets = fixture.open(
                trust(market("shop", "broken.zip", SHOP), market("other", "http://user:pass@host.example/", SHOP)))) {
            assertThatThrownBy(() -> markets.named("shop").index()).hasMessageContaining("cannot be read as a bundle");
            assertThatThrownBy(() -> markets.named("other").index())
                    .hasMessageContaining("has a user or a password in it")
                    .hasMessageNotContaining("user:pass");
        }
    }

    @Test
    void tellsOfInstalledPluginsWithoutAskingAnybody() throws Exception {
        Path old = fixture.jar("acme-stamp", "1.0.0", ACME);
        publish(List.of(SHOP), """
            {"plugins": {"acme-stamp": {"yanked": {"1.0.0": "it loses stamps"}, "deprecated": "use acme-seal",
              "advisories": [{"id": "ACME-1", "severity": "high", "affected": "<1.1.0", "fixed": "1.1.0"},
                             {"id": "ACME-2", "severity": "low", "affected": "no range at all"}]}}}\
            """, old, fixture.jar("acme-stamp", "1.1.0", ACME));
        try (Marketplaces markets = fixture.open(shop("shop"))) {
            assertThat(new Audit(markets)
                            .of("acme-stamp", "1.0.0", Plugins.hash(old), "acme")
                            .findings())
                    .as("not fetched yet")
                    .isEmpty();
            markets.named("shop").index();
        }

        try (Marketplaces markets = fixture.open(shop("http://127.0.0.1:1/"))) {
            Audit audit = new Audit(markets);
            Audit.Report report = audit.of("acme-stamp", "1.0.0", Plugins.hash(old), "acme");
            assertThat(report.newer()).isEqualTo("1.1.0");
            assertThat(report.serious()).isTrue();
            assertThat(report.findings())
                    .containsExactly(
                            "yanked: it loses stamps",
                            "ACME-1 (high); fixed in 1.1.0",
                            "ACME-2 (low); there is no fix yet",
                            "deprecated: use acme-seal");
            assertThat(audit.of("acme-seal", "1.0.0", "", "acme")).isEqualTo(Audit.Report.NOTHING);
        }
    }

    @Test
    void tellsWhatAnyMarketplaceRevokesAndWhatIsNotKnown() throws Exception {
        Path jar = fixture.jar("acme-stamp", "1.0.0", ACME);
        fixture.publish("shop", SHOP, jar);
        Path about = Files.writeString(temp.resolve("about.json"), """
            {"revoked": {"%s": "it steals", "%s": "stolen"}}\
            """.formatted(
                        Plugins.hash(jar), ACME.publicKey().id()));
        new Publication(temp.resolve("other"), "other", List.of(SHOP), fixture.clock)
                .publish(List.of(), about, Duration.ofDays(30));
        TrustConfig both = trust(market("shop", "shop", SHOP), market("other", "other", SHOP));
        try (Marketplaces markets = fixture.open(both)) {
            Choice choice = markets.offers().choose("acme-stamp", null, null);
            markets.installed(choice);
            markets.named("other").index();

            Audit.Report report = new Audit(markets).of("acme-stamp", "1.0.0", Plugins.hash(jar), "acme");
            assertThat(report.serious()).isTrue();
            assertThat(report.findings())
                    .containsExactly(
                            "revoked: it steals",
                            "the key " + ACME.publicKey().id().substring(0, 16)
                                    + " of its publisher acme is revoked: stolen; put it under trust.revoked");
        }
        try (Marketplaces markets = fixture.open(trust(market("third", "other", SHOP)))) {
            assertThat(new Audit(markets).of("acme-stamp", "1.0.0", "", "").findings())
                    .singleElement()
                    .asString()
                    .startsWith("not known: acme-stamp came from the marketplace shop, which is configured no more");
        }
    }
}
