package dev.sallyport.kernel.market;

import static dev.sallyport.kernel.market.Fixture.ACME;
import static dev.sallyport.kernel.market.Fixture.NOW;
import static dev.sallyport.kernel.market.Fixture.SHOP;
import static dev.sallyport.kernel.market.Fixture.market;
import static dev.sallyport.kernel.market.Fixture.trust;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.kernel.config.Sha256;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.marketplace.Advisory;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.IndexKeys;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import dev.sallyport.marketplace.Signer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken from marketplaces, and every way to have something else taken. */
final class MarketplacesTest {

    @TempDir
    private Path temp;

    @SuppressWarnings("NullAway.Init")
    private Fixture fixture;

    @BeforeEach
    void make() {
        fixture = new Fixture(temp);
    }

    private Artefact install(TrustConfig trust, String id) throws Exception {
        try (Marketplaces markets = fixture.open(trust)) {
            Choice choice = markets.offers().choose(id, null, null);
            Artefact artefact = markets.fetch(choice, Progress.NONE);
            markets.installed(choice);
            return artefact;
        }
    }

    /** Nothing is left that somebody could take for good. */
    private void refuses(TrustConfig trust, String id, String... why) throws Exception {
        assertThatThrownBy(() -> install(trust, id))
                .isInstanceOf(MarketException.class)
                .hasMessageContainingAll(why);
        assertThat(fixture.left()).noneMatch(each -> each.endsWith(".jar") || each.endsWith(".json"));
    }

    private static TrustConfig shop(Path site) {
        return trust(market("shop", site.toString(), SHOP));
    }

    /** Signs another index than the publication wrote. */
    private static void resign(Path site, Signer signer, Index index) throws Exception {
        Files.writeString(
                site.resolve("index.json"), index.sign(List.of(signer)).toJson());
    }

    private Index index(Path site) throws Exception {
        try (Marketplaces markets = new Fixture(Files.createTempDirectory(temp, "reader")).open(shop(site))) {
            return markets.named("shop").index();
        }
    }

    /** The index with the one release changed. */
    private static Index with(Index index, UnaryOperator<Release> change) {
        Listing listing = index.plugins().get("acme-stamp");
        return new Index(
                index.name(),
                index.version() + 1,
                index.issued(),
                index.expires(),
                Map.of(
                        "acme-stamp",
                        listing.withReleases(
                                listing.releases().stream().map(change).toList())),
                index.revoked());
    }

    @Test
    void takesWhatIsListedAndSignedByItsPublisher() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));

        Artefact artefact = install(shop(site), "acme-stamp");

        assertThat(artefact).hasToString("acme-stamp 1.0.0");
        assertThat(artefact.path()).hasBinaryContent(Files.readAllBytes(temp.resolve("acme-stamp-1.0.0.jar")));
        assertThat(artefact.envelope()).contains("payload");
    }

    @Test
    void takesTheNewestReleaseThatIsForEverybody() throws Exception {
        Path site = fixture.publish(
                "shop",
                SHOP,
                fixture.jar("acme-stamp", "1.9.0", ACME),
                fixture.jar("acme-stamp", "1.10.0", ACME),
                fixture.jar("acme-stamp", "2.0.0-rc.1", ACME));

        assertThat(install(shop(site), "acme-stamp")).hasToString("acme-stamp 1.10.0");
    }

    @Test
    void refusesAnAlteredJar() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        Path jar = site.resolve("acme-stamp/acme-stamp-1.0.0.jar");
        byte[] altered = Files.readAllBytes(jar);
        altered[altered.length / 2]++;
        Files.write(jar, altered);

        refuses(shop(site), "acme-stamp", "is not what the index lists", "altered there or on the way");
    }

    @Test
    void refusesAReplayedIndexAndRemembersItOverRestarts() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        byte[] old = Files.readAllBytes(site.resolve("index.json"));
        fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.1.0", ACME));
        assertThat(install(shop(site), "acme-stamp")).hasToString("acme-stamp 1.1.0");
        fixture.clear();

        Files.write(site.resolve("index.json"), old);

        refuses(shop(site), "acme-stamp", "has the version 1, and version 2 was seen before", "replays an old index");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'seen': {",
                "[]",
                "{'seen': 'none'}",
                "{'seen': {'shop': 7}}",
                "{'seen': {'shop': {'version': '7', 'sha256': 'ab'}}}",
                "{'seen': {'shop': {'version': 7.5, 'sha256': 'ab'}}}",
                "{'seen': {'shop': {'version': 7}}}",
                "{'origins': []}",
                "{'origins': {'acme-stamp': 1}}"
            })
    void neverTakesADamagedMemoryForAnEmptyOne(String memory) throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        Files.createDirectories(temp.resolve("data/marketplaces"));
        Files.writeString(temp.resolve("data/marketplaces/state.json"), memory.replace('\'', '"'));

        refuses(shop(site), "acme-stamp", "state.json is damaged", "restore it");
    }

    /** Two commands at once: what the one has seen meanwhile, the other one may not undo. */
    @Test
    void remembersNoOlderIndexThanAnotherCommandHasSeen() throws Exception {
        MarketState state = new MarketState(temp.resolve("state"));
        state.saw("shop", new IndexKeys.Seen(7, "ab"), new byte[1]);
        state.saw("shop", new IndexKeys.Seen(7, "ab"), new byte[1]);

        assertThatThrownBy(() -> state.saw("shop", new IndexKeys.Seen(6, "cd"), new byte[2]))
                .hasMessageContainingAll("has the version 6", "another command has seen version 7 meanwhile");
        assertThatThrownBy(() -> state.saw("shop", new IndexKeys.Seen(7, "cd"), new byte[2]))
                .hasMessageContaining("another command has seen another index of that version meanwhile");
        assertThat(state.seen("shop")).isEqualTo(new IndexKeys.Seen(7, "ab"));
        assertThat(state.envelope("shop")).hasSize(1);
    }

    @Test
    void refusesExpiredMetadata() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        fixture.clock = Clock.fixed(NOW.plus(Duration.ofDays(30)), ZoneOffset.UTC);

        refuses(shop(site), "acme-stamp", "expired at 2026-12-27T10:00:00Z", "publish anew");
    }

    @Test
    void refusesAnIndexThatAnotherKeySigned() throws Exception {
        Path site = fixture.publish("shop", Signer.generate(), fixture.jar("acme-stamp", "1.0.0", ACME));

        refuses(shop(site), "acme-stamp", "is signed with none of its keys");
    }

    /** Whoever holds the marketplace's key alone can have nothing run. */
    @Test
    void refusesAJarThatOnlyTheMarketplaceSigned() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", SHOP));

        refuses(shop(site), "acme-stamp", "acme-stamp 1.0.0 from shop is signed with no key that is trusted here");
    }

    @Test
    void refusesAJarWithoutASignatureAlsoWhereTheFolderTakesThem() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        Files.delete(Signatures.of(site.resolve("acme-stamp/acme-stamp-1.0.0.jar")));

        refuses(shop(site), "acme-stamp", "is not signed, and nothing is taken unsigned from a marketplace");
    }

    @Test
    void refusesAnIdThatThePublisherMayNotSign() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("other-stamp", "1.0.0", ACME));

        refuses(
                shop(site),
                "other-stamp",
                "is signed by acme, who may not sign the plugin id other-stamp (expected: acme-)");
    }

    @Test
    void refusesASignatureBelowThePublishersThreshold() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        TrustConfig one = shop(site);
        TrustConfig.PublisherConfig acme = one.publishers().getFirst();
        TrustConfig two = new TrustConfig(
                one.unsigned(),
                List.of(new TrustConfig.PublisherConfig(
                        "acme",
                        List.of(ACME.publicKey(), Signer.generate().publicKey()),
                        acme.prefixes(),
                        2,
                        Fixture.PLACE)),
                List.of(),
                List.of(),
                one.marketplaces());

        refuses(two, "acme-stamp", "is signed with 1 of the keys of acme (expected: 2)");
    }

    @Test
    void refusesAKeyThatTheConfigurationRevokes() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        TrustConfig revoking = trust(List.of(new Sha256(ACME.publicKey().id())), market("shop", site.toString(), SHOP));

        refuses(revoking, "acme-stamp", "is signed with a key of acme that is revoked");
    }

    @Test
    void refusesAMarketplacesKeyThatTheConfigurationRevokes() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        TrustConfig revoking = trust(List.of(new Sha256(SHOP.publicKey().id())), market("shop", site.toString(), SHOP));

        refuses(revoking, "acme-stamp", "is signed with none of its keys");
    }

    /** One field of one plugin breaks nothing of the others. */
    @Test
    void rangesWithNumbersThatAreTooLargeAreForNobody() throws Exception {
        Path site = fixture.publish(
                "shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME), fixture.jar("acme-stamp", "1.1.0", ACME));
        for (String range : List.of("<99999999999999999999", "~9223372036854775807")) {
            Index index = index(site);
            resign(site, SHOP, with(index, each -> each.version().equals("1.0.0") ? each : requiring(each, range)));
            assertThat(install(shop(site), "acme-stamp")).hasToString("acme-stamp 1.0.0");

            Listing weak = new Listing(
                    "acme-stamp",
                    "acme",
                    "",
                    "",
                    "",
                    "",
                    "",
                    List.of(),
                    List.of(new Advisory("CVE-2026-1", "high", "", range, "", "")));
            assertThat(Versions.advisories(weak, "1.0.0")).hasSize(1);
        }
    }

    private static Release requiring(Release each, String range) {
        return new Release(
                each.version(),
                each.file(),
                each.sha256(),
                each.size(),
                each.published(),
                range,
                each.permissions(),
                each.licence(),
                each.types(),
                "",
                "",
                "");
    }

    @Test
    void refusesAJarAndAKeyThatTheMarketplaceRevokes() throws Exception {
        Path site = fixture.publish(
                "shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME), fixture.jar("acme-seal", "1.0.0", ACME));
        Index index = index(site);
        String hash = Plugins.hash(temp.resolve("acme-stamp-1.0.0.jar"));
        resign(
                site,
                SHOP,
                new Index("shop", 2, NOW, index.expires(), index.plugins(), Map.of(hash, "it steals passwords")));

        assertThatThrownBy(() -> {
                    try (Marketplaces markets = fixture.open(shop(site))) {
                        markets.fetch(markets.offers().locked("acme-stamp", "1.0.0", hash, "shop"), Progress.NONE);
                    }
                })
                .hasMessageContaining("acme-stamp 1.0.0 is revoked: it steals passwords");
        refuses(shop(site), "acme-stamp", "offers no release of acme-stamp", "not yanked or revoked");

        resign(
                site,
                SHOP,
                new Index(
                        "shop",
                        3,
                        NOW,
                        index.expires(),
                        index.plugins(),
                        Map.of(ACME.publicKey().id(), "stolen")));

        refuses(shop(site), "acme-seal", "is signed with a key of acme that is revoked");
    }

    /** TUF's mix-and-match attack: good files, that never belonged together. */
    @Test
    void refusesAnotherGoodJarUnderAVersionsName() throws Exception {
        Path site = fixture.publish(
                "shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME), fixture.jar("acme-seal", "1.0.0", ACME));
        Path stamp = site.resolve("acme-stamp/acme-stamp-1.0.0.jar");
        Path seal = site.resolve("acme-seal/acme-seal-1.0.0.jar");
        Files.copy(seal, stamp, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(Signatures.of(seal), Signatures.of(stamp), StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> install(shop(site), "acme-stamp"))
                .isInstanceOf(MarketException.class)
                .hasMessageContaining("index lists");
        assertThat(fixture.left()).noneMatch(each -> each.endsWith(".jar"));
    }

    @Test
    void refusesAJarThatSaysAnotherVersionThanTheIndex() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        Index lying = with(
                index(site),
                each -> new Release(
                        "1.9.0",
                        each.file(),
                        each.sha256(),
                        each.size(),
                        each.published(),
                        each.requires(),
                        each.permissions(),
                        each.licence(),
                        each.types(),
                        "",
                        "",
                        ""));
        resign(site, SHOP, lying);

        refuses(
                shop(site),
                "acme-stamp",
                "what shop lists as acme-stamp 1.9.0 is something else: the jar is acme-stamp 1.0.0");
    }

    @Test
    void refusesAJarThatAsksForMoreThanTheIndexSays() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        Index lying = with(index(site), each -> requiring(each, ">=0.1.0"));
        resign(site, SHOP, lying);

        refuses(shop(site), "acme-stamp", "the jar requires '', the index says '>=0.1.0'");
    }

    @Test
    void refusesAZipBombOfAnHonestPublisher() throws Exception {
        Path jar = fixture.jar("acme-stamp", "1.0.0", ACME);
        Path site = fixture.publish("shop", SHOP, jar);
        byte[] bomb = bomb(Files.readAllBytes(jar));
        Files.write(temp.resolve("bomb.jar"), bomb);
        String hash = Plugins.hash(temp.resolve("bomb.jar"));
        Files.write(site.resolve("acme-stamp/acme-stamp-1.0.0.jar"), bomb);
        resign(
                site,
                SHOP,
                with(
                        index(site),
                        each -> new Release(
                                each.version(),
                                each.file(),
                                hash,
                                bomb.length,
                                each.published(),
                                each.requires(),
                                each.permissions(),
                                each.licence(),
                                each.types(),
                                "",
                                "",
                                "")));
        assertThat(bomb.length).isLessThan(4 << 20);

        refuses(shop(site), "acme-stamp", "is too large unpacked, at bomb");
    }

    /** More than a GiB of zeros. */
    private static byte[] bomb(byte[] jar) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        try (ZipOutputStream out = new ZipOutputStream(bytes);
                var in = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
                out.putNextEntry(new ZipEntry(each.getName()));
                in.transferTo(out);
                out.closeEntry();
            }
            out.setLevel(9);
            out.putNextEntry(new ZipEntry("bomb"));
            for (int i = 0; i < 1100; i++) {
                out.write(zeros);
            }
            out.closeEntry();
        }
        return bytes.toByteArray();
    }

    private TrustConfig two(String... idsOfOther) throws Exception {
        fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        fixture.publish("other", SHOP, fixture.jar("acme-stamp", "1.9.0", ACME));
        return trust(market("shop", "shop", SHOP), market("other", "other", SHOP, idsOfOther));
    }

    @Test
    void refusesToGuessWhichMarketplaceIsMeant() throws Exception {
        refuses(
                two(),
                "acme-stamp",
                "acme-stamp is offered by shop and by other, and who is meant is not known; say --from NAME once");
    }

    @Test
    void aPluginStaysWithTheMarketplaceThatItCameFromFirst() throws Exception {
        TrustConfig both = two();
        try (Marketplaces markets = fixture.open(both)) {
            Choice choice = markets.offers().choose("acme-stamp", null, "shop");
            markets.discard(markets.fetch(choice, Progress.NONE));
            markets.installed(choice);
        }

        assertThat(install(both, "acme-stamp")).hasToString("acme-stamp 1.0.0");
        try (Marketplaces markets = fixture.open(both)) {
            assertThatThrownBy(() -> markets.offers().choose("acme-stamp", null, "other"))
                    .hasMessageContainingAll(
                            "acme-stamp is not taken from other, since it was installed from shop",
                            "write acme-stamp under the ids of the marketplace that you mean");
        }
        TrustConfig narrowed = trust(market("shop", "shop", SHOP, "acme-seal"), market("other", "other", SHOP));
        try (Marketplaces markets = fixture.open(narrowed)) {
            assertThatThrownBy(() -> markets.offers().choose("acme-stamp", null, null))
                    .hasMessageContainingAll(
                            "came from the marketplace shop, whose ids in the configuration do not name it",
                            "write acme-stamp under the ids of");
        }
        TrustConfig without = trust(market("other", "other", SHOP));
        try (Marketplaces markets = fixture.open(without)) {
            assertThatThrownBy(() -> markets.offers().choose("acme-stamp", null, null))
                    .hasMessageContaining("came from the marketplace shop, which is configured no more");
        }
    }

    @Test
    void theConfigurationSaysWhoseAnIdIs() throws Exception {
        TrustConfig both = two("acme-");

        assertThat(install(both, "acme-stamp")).hasToString("acme-stamp 1.9.0");
        try (Marketplaces markets = fixture.open(both)) {
            assertThatThrownBy(() -> markets.offers().choose("acme-stamp", null, "shop"))
                    .hasMessageContaining("the configuration says that it comes from other");
            assertThatThrownBy(() -> markets.offers().choose("unclaimed", null, "other"))
                    .hasMessageContaining("unclaimed is not taken from other");
        }
    }

    @Test
    void aMarketplaceThatIsDownLetsNoOtherOneStepIn() throws Exception {
        fixture.publish("other", SHOP, fixture.jar("acme-stamp", "1.9.0", ACME));
        TrustConfig down = trust(market("shop", "http://127.0.0.1:1/", SHOP), market("other", "other", SHOP));

        refuses(down, "acme-stamp", "http://127.0.0.1:1/index.json cannot be fetched");
    }

    @Test
    void aYankedReleaseIsTakenByALockFileAlone() throws Exception {
        Path site = fixture.publish(
                "shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME), fixture.jar("acme-stamp", "1.1.0", ACME));
        Path about = Files.writeString(temp.resolve("about.json"), """
            {"plugins": {"acme-stamp": {"yanked": {"1.1.0": "it loses stamps"}}}}\
            """);
        new Publication(site, "shop", List.of(SHOP), fixture.clock).publish(List.of(), about, Duration.ofDays(30));

        assertThat(install(shop(site), "acme-stamp")).hasToString("acme-stamp 1.0.0");
        try (Marketplaces markets = fixture.open(shop(site))) {
            assertThatThrownBy(() -> markets.offers().choose("acme-stamp", "1.1.0", null))
                    .hasMessageContaining("acme-stamp 1.1.0 is yanked: it loses stamps");
            assertThatThrownBy(() -> markets.offers().choose("acme-stamp", "7.0.0", null))
                    .hasMessageContaining("(there are: 1.1.0, 1.0.0)");
            Choice locked = markets.offers()
                    .locked("acme-stamp", "1.1.0", Plugins.hash(temp.resolve("acme-stamp-1.1.0.jar")), "shop");
            assertThat(markets.fetch(locked, Progress.NONE)).hasToString("acme-stamp 1.1.0");
            assertThatThrownBy(() -> markets.offers().locked("acme-stamp", "1.1.0", "ab".repeat(32), ""))
                    .hasMessageContaining("no marketplace offers acme-stamp 1.1.0 with the sha256 abab");
        }
    }

    @Test
    void putsIntoAFolderWhatAGatewayTakesAndReplacesNothing() throws Exception {
        Path site = fixture.publish("shop", SHOP, fixture.jar("acme-stamp", "1.0.0", ACME));
        Path folder = temp.resolve("plugins");
        Path jar = folder.resolve("acme-stamp-1.0.0.jar");
        try (Marketplaces markets = fixture.open(shop(site))) {
            Artefact artefact = markets.fetch(markets.offers().choose("acme-stamp", null, null), Progress.NONE);
            markets.place(artefact, folder);
            assertThat(OwnerOnly.refusal(folder)).isNull();
            assertThat(OwnerOnly.refusal(jar)).isNull();
            assertThat(OwnerOnly.refusal(Signatures.of(jar))).isNull();
            markets.place(artefact, folder);

            Files.writeString(jar, "other");
            Files.writeString(Signatures.of(jar), "its own");
            assertThatThrownBy(() -> markets.place(artefact, folder))
                    .hasMessageContaining("is there already with other bytes");
            assertThat(Signatures.of(jar)).hasContent("its own");
        }
    }
}
