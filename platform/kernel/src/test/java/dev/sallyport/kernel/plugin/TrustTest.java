package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.Sha256;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.config.TrustConfig.PublisherConfig;
import dev.sallyport.kernel.config.TrustConfig.Unsigned;
import dev.sallyport.kernel.plugin.Catalogue.Refused;
import dev.sallyport.marketplace.IdPrefix;
import dev.sallyport.marketplace.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which jars of the folder are taken, by who signed them. */
class TrustTest {

    private static final Signer ACME = Signer.generate();
    private static final TrustConfig STRICT = trusting(Unsigned.REFUSED, "acme-");

    @TempDir
    Path temp;

    private final FakeClock clock = new FakeClock();

    private static TrustConfig trusting(Unsigned unsigned, String prefix) {
        PublisherConfig acme = new PublisherConfig(
                "acme", List.of(ACME.publicKey()), List.of(IdPrefix.parse(prefix)), 1, new Place("gateway.yaml", 1, 1));
        return new TrustConfig(unsigned, List.of(acme), List.of());
    }

    private Path inbox() throws IOException {
        return Files.createDirectories(temp.resolve("plugins"));
    }

    private Plugins open(TrustConfig trust) throws IOException {
        return Plugins.open(PluginSettings.of(inbox(), temp.resolve("data"))
                .withClock(clock)
                .withTrust(trust));
    }

    private Path drop(String version) throws IOException {
        return PluginJar.stamp("acme-stamp", version).build(inbox().resolve("stamp.jar"));
    }

    private static void sign(Path jar, Signer signer) throws Exception {
        Artefact artefact = Plugins.inspect(jar);
        write(jar, signer.sign(Trust.statement("stamp.jar", artefact)).toJson());
    }

    private static void write(Path jar, String envelope) throws IOException {
        Files.writeString(Signatures.of(jar), envelope);
    }

    private static String serving(Plugins plugins) {
        return plugins.catalogue().present().toString();
    }

    private static String refused(Plugins plugins) {
        assertThat(plugins.catalogue().refused()).hasSize(1);
        return plugins.catalogue().refused().getFirst().toString();
    }

    @Test
    void takesWhatATrustedPublisherSigned() throws Exception {
        sign(drop("1.0.0"), ACME);

        try (Plugins plugins = open(STRICT)) {
            Artefact artefact = plugins.catalogue().present().getFirst();
            assertThat(plugins.trust().judge(artefact)).isEqualTo(new Trust.Verdict.Signed("acme"));
            assertThat(plugins.catalogue().refused()).isEmpty();
            assertThat(plugins.acquire(artefact).factory("acme/acme-stamp")).isNotNull();
        }
    }

    @Test
    void refusesWhatIsNotSignedWhereThatIsAsked() throws Exception {
        Path jar = drop("1.0.0");

        try (Plugins plugins = open(STRICT)) {
            assertThat(serving(plugins)).isEqualTo("[]");
            assertThat(plugins.catalogue().refusal("filter", "acme/acme-stamp"))
                    .startsWith("stamp.jar, which has it, is not signed, and trust.unsigned is refused");
            assertThat(plugins.catalogue().refusal("filter", "acme/other")).isNull();
            assertThat(refused(plugins))
                    .startsWith("stamp.jar is not signed, and trust.unsigned is refused: put its publisher's signature")
                    .endsWith("list sha256:" + Plugins.inspect(jar).sha256() + " under trust.hashes");
        }
        try (Plugins plugins = open(trusting(Unsigned.ALLOWED, "acme-"))) {
            assertThat(serving(plugins)).isEqualTo("[acme-stamp 1.0.0]");
            assertThat(plugins.trust().judge(plugins.catalogue().present().getFirst()))
                    .isEqualTo(new Trust.Verdict.Unsigned());
        }
    }

    @Test
    void refusesAWrongSignatureAlsoWhereNoneIsNeeded() throws Exception {
        Path jar = drop("1.0.0");
        TrustConfig lenient = trusting(Unsigned.ALLOWED, "acme-");

        sign(jar, Signer.generate());
        try (Plugins plugins = open(lenient)) {
            assertThat(refused(plugins)).startsWith("stamp.jar is signed with no key that is trusted here");
        }
        write(jar, "nonsense");
        try (Plugins plugins = open(TrustConfig.DEFAULT)) {
            assertThat(refused(plugins))
                    .startsWith("stamp.jar has a signature that cannot be read, since it is no JSON");
        }
        write(jar, " ".repeat(70_000));
        try (Plugins plugins = open(TrustConfig.DEFAULT)) {
            assertThat(refused(plugins))
                    .contains("has a signature that cannot be read, since it has more than 65536 bytes");
        }
        sign(jar, ACME);
        try (Plugins plugins = open(trusting(Unsigned.ALLOWED, "shop-"))) {
            assertThat(refused(plugins)).contains("signed by acme, who may not sign the plugin id acme-stamp");
        }
    }

    @Test
    void takesAHashThatIsListedWhateverLiesBesideIt() throws Exception {
        Path jar = drop("1.0.0");
        write(jar, "nonsense");
        Sha256 hash = Sha256.parse("sha256:" + Plugins.inspect(jar).sha256());

        try (Plugins plugins = open(new TrustConfig(Unsigned.REFUSED, List.of(), List.of(hash)))) {
            assertThat(plugins.trust().judge(plugins.catalogue().present().getFirst()))
                    .isEqualTo(new Trust.Verdict.Listed());
        }
    }

    @Test
    void keepsWhatServedWhenItsJarIsReplacedByOneThatNobodySigned() throws Exception {
        sign(drop("1.0.0"), ACME);
        try (Plugins plugins = open(STRICT)) {
            assertThat(serving(plugins)).isEqualTo("[acme-stamp 1.0.0]");
        }
        drop("1.1.0");

        // Read anew, so that what served comes from the store, with the signature that was kept there.
        try (Plugins plugins = open(STRICT)) {
            assertThat(serving(plugins)).isEqualTo("[acme-stamp 1.0.0]");
            assertThat(refused(plugins))
                    .startsWith("stamp.jar is not what acme signed: the signature is over the sha256 ");
        }
        try (Plugins plugins = open(STRICT)) {
            assertThat(serving(plugins)).isEqualTo("[acme-stamp 1.0.0]");
        }
    }

    @Test
    void keepsWhatServedWhenOnlyItsSignatureIsReplaced() throws Exception {
        Path jar = drop("1.0.0");
        sign(jar, ACME);
        open(STRICT).close();
        write(jar, "nonsense");

        try (Plugins plugins = open(STRICT)) {
            assertThat(serving(plugins)).isEqualTo("[acme-stamp 1.0.0]");
            assertThat(refused(plugins)).contains("has a signature that cannot be read");
        }
    }

    @Test
    void judgesWhatIsInTheStoreAgain() throws Exception {
        Path jar = drop("1.0.0");
        sign(jar, ACME);
        Path stored;
        try (Plugins plugins = open(STRICT)) {
            stored = plugins.catalogue().present().getFirst().path();
        }
        Files.writeString(Signatures.of(stored), "nonsense");
        Files.delete(Signatures.of(jar));

        try (Plugins plugins = open(STRICT)) {
            assertThat(serving(plugins)).isEqualTo("[]");
        }
    }

    @Test
    void loadsNothingFromTheStoreWhoseBytesWereChanged() throws Exception {
        sign(drop("1.0.0"), ACME);
        try (Plugins plugins = open(STRICT)) {
            Artefact artefact = plugins.catalogue().present().getFirst();
            PluginJar.stamp("acme-stamp", "1.0.0").file("more", "more").build(artefact.path());

            assertThat(catchThrowable(() -> plugins.acquire(artefact)))
                    .isInstanceOf(PluginException.class)
                    .hasMessageContaining("acme-stamp 1.0.0 cannot be loaded: its copy in the store was changed");
        }
    }

    @Test
    void asksWhatAnotherTrustWouldOfferWithoutChangingAnything() throws Exception {
        drop("1.0.0");
        try (Plugins plugins = open(TrustConfig.DEFAULT)) {
            Catalogue strict = plugins.catalogue(STRICT);

            assertThat(strict.present()).isEmpty();
            assertThat(strict.refused()).extracting(Refused::file).containsExactly("stamp.jar");
            assertThat(serving(plugins)).isEqualTo("[acme-stamp 1.0.0]");

            plugins.trust(STRICT);
            assertThat(serving(plugins)).isEqualTo("[]");
            plugins.trust(TrustConfig.DEFAULT);
            assertThat(serving(plugins)).isEqualTo("[acme-stamp 1.0.0]");
        }
    }

    @Test
    void judgesWhatServedAtAnotherTimeByWhoWasTrustedThen() throws Exception {
        sign(drop("1.0.0"), ACME);
        try (Plugins plugins = open(STRICT)) {
            Map<String, Boolean> used =
                    Map.of(plugins.catalogue().present().getFirst().sha256(), true);
            Files.delete(inbox().resolve("stamp.jar"));

            assertThat(plugins.recorded(used, STRICT).present()).hasToString("[acme-stamp 1.0.0]");
            assertThat(catchThrowable(() -> plugins.recorded(used, TrustConfig.DEFAULT)))
                    .isInstanceOf(PluginException.class)
                    .hasMessageStartingWith("acme-stamp 1.0.0 is signed with no key that is trusted here");
        }
    }

    @Test
    void takesASignatureThatComesAfterItsJar() throws Exception {
        Path jar = drop("1.0.0");
        try (Plugins plugins = open(STRICT)) {
            assertThat(serving(plugins)).isEqualTo("[]");
            plugins.onChange(changed -> {});

            sign(jar, ACME);

            await().atMost(Duration.ofSeconds(30)).until(() -> serving(plugins).equals("[acme-stamp 1.0.0]"));
            assertThat(plugins.catalogue().refused()).isEmpty();
        }
    }

    @Test
    void aRevokedJarIsRefusedWhoeverSignedOrListedItAlsoFromTheStore() throws Exception {
        Path jar = drop("1.0.0");
        sign(jar, ACME);
        Sha256 hash = new Sha256(ArtefactStore.hash(jar));
        try (Plugins plugins = open(STRICT)) {
            assertThat(serving(plugins)).contains("acme-stamp 1.0.0");
        }

        TrustConfig revoking =
                new TrustConfig(Unsigned.ALLOWED, STRICT.publishers(), List.of(hash), List.of(hash), List.of());
        try (Plugins plugins = open(revoking)) {
            assertThat(serving(plugins)).isEqualTo("[]");
            assertThat(refused(plugins)).contains("is revoked: trust.revoked lists " + hash);
        }
    }

    @Test
    void aRevokedKeyHasSignedNothing() throws Exception {
        sign(drop("1.0.0"), ACME);

        TrustConfig revoking = new TrustConfig(
                Unsigned.ALLOWED,
                STRICT.publishers(),
                List.of(),
                List.of(new Sha256(ACME.publicKey().id())),
                List.of());
        try (Plugins plugins = open(revoking)) {
            assertThat(refused(plugins)).contains("is signed with a key of acme that is revoked");
        }
    }
}
