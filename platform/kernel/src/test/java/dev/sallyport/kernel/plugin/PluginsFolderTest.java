package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.zafarkhaja.semver.Version;
import dev.sallyport.kernel.config.TypeCatalog.OfferedType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of the folder, look by look, without a thread: see {@link PluginsTest} for the live one. */
class PluginsFolderTest {

    private static final String TYPE = "acme/stamp";

    @TempDir
    Path temp;

    private final FakeClock clock = new FakeClock();
    private final Set<Artefact> inUse = new HashSet<>();
    private Path inbox;
    private PluginsFolder folder;

    @BeforeEach
    void open() throws IOException {
        inbox = temp.resolve("plugins");
        inUse.clear();
        Path data = Files.createDirectories(temp.resolve("data"));
        ArtefactReader reader = new ArtefactReader(Version.parse("0.1.0"), ArtefactReader.Limits.DEFAULT);
        ArtefactStore store = new ArtefactStore(data.resolve("store"), reader, PartFile.Observer.NONE);
        folder = new PluginsFolder(
                inbox,
                true,
                store,
                new StateFile(data, PartFile.Observer.NONE),
                true,
                Trust.DEFAULT,
                inUse::contains,
                clock);
    }

    private void drop(String file, PluginJar jar) throws IOException {
        jar.build(inbox.resolve(file));
    }

    /** As many looks as it takes to settle. */
    private Catalogue look() {
        folder.look(false);
        folder.look(false);
        return folder.catalogue();
    }

    private Catalogue later(Duration time) {
        clock.advance(time);
        return look();
    }

    private String serving(String version) {
        OfferedType found = folder.catalogue().find("filter", TYPE, version);
        return found == null ? "none" : found.version();
    }

    /** As a generation does that uses the artefact of that version. */
    private Artefact use(String version) {
        Artefact artefact = folder.catalogue().artefact("filter", TYPE, version);
        assertThat(artefact).isNotNull();
        inUse.add(artefact);
        folder.serves(inUse);
        return artefact;
    }

    private Catalogue decline(Artefact artefact, String reason) throws IOException {
        folder.propose(state -> state.withDeclined(artefact, reason, clock.instant()), Set.of());
        folder.commit(Set.of());
        return folder.catalogue();
    }

    private Catalogue permit(String sha256) throws IOException {
        folder.propose(state -> state.withoutDeclined(sha256), Set.of(sha256));
        folder.commit(Set.of());
        return folder.catalogue();
    }

    private static PluginJar stamp(String version) {
        return PluginJar.stamp("stamp", version);
    }

    @Test
    void offersWhatIsDropped() throws IOException {
        drop("stamp.jar", stamp("1.4.0"));

        Catalogue catalogue = look();

        assertThat(catalogue.names("filter")).containsExactly(TYPE);
        assertThat(catalogue.names("credential")).isEmpty();
        OfferedType type = catalogue.find("filter", TYPE, null);
        assertThat(type.plugin()).isEqualTo("stamp");
        assertThat(type.version()).isEqualTo("1.4.0");
        assertThat(type.schema().path("type").asString()).isEqualTo("object");
        assertThat(catalogue.refused()).isEmpty();
    }

    @Test
    void waitsUntilAFileIsSettled() throws IOException {
        byte[] whole = stamp("1.4.0").bytes();
        Path file = inbox.resolve("stamp.jar");
        for (int written = 1; written <= 4; written++) {
            Files.write(file, Arrays.copyOf(whole, whole.length * written / 4));
            folder.look(false);
            assertThat(folder.catalogue().present()).isEmpty();
        }

        folder.look(false);

        assertThat(serving(null)).isEqualTo("1.4.0");
    }

    @Test
    void takesAtOnceWhatIsWholeWhenItMustTrust() throws IOException {
        drop("stamp.jar", stamp("1.4.0"));

        folder.look(true);

        assertThat(serving(null)).isEqualTo("1.4.0");
    }

    @Test
    void triesAHalfWrittenJarAgainInSilenceAndReportsItOnce() throws IOException {
        byte[] whole = stamp("1.4.0").bytes();
        Path file = Files.write(inbox.resolve("stamp.jar"), Arrays.copyOf(whole, whole.length / 2));

        look();
        later(Duration.ofSeconds(4));
        assertThat(folder.catalogue().refused()).isEmpty();

        later(Duration.ofSeconds(1));
        assertThat(folder.catalogue().refused())
                .singleElement()
                .asString()
                .startsWith("stamp.jar is no readable zip file (")
                .endsWith("): half-written or damaged; copy it again");

        Files.write(file, Arrays.copyOfRange(whole, whole.length / 2, whole.length), StandardOpenOption.APPEND);
        look();
        assertThat(serving(null)).isEqualTo("1.4.0");
        assertThat(folder.catalogue().refused()).isEmpty();
    }

    @Test
    void passesOverEverythingThatIsNoJar() throws IOException {
        drop("stamp.jar.part", stamp("1.0.0"));
        drop(".hidden.jar", stamp("1.0.0"));
        drop("stamp.zip", stamp("1.0.0"));
        Files.createDirectory(inbox.resolve("folder.jar"));

        assertThat(look()).hasToString("[]");
    }

    @Test
    void keepsBothNamesOfTheSameBytes() throws IOException {
        drop("a.jar", stamp("1.0.0"));
        drop("b.jar", stamp("1.0.0"));

        assertThat(look()).hasToString("[stamp 1.0.0]");
    }

    @Test
    void refusesTheSameVersionWithOtherBytesInAnotherFile() throws IOException {
        drop("b.jar", stamp("1.0.0"));
        look();
        Artefact first = use(null);
        drop("a.jar", stamp("1.0.0").file("more", "more"));

        Catalogue catalogue = look();

        assertThat(catalogue.present()).containsExactly(first);
        assertThat(catalogue.refused())
                .singleElement()
                .asString()
                .matches("a\\.jar is stamp 1\\.0\\.0 with other bytes than b\\.jar has, which came first \\(sha256"
                        + " [0-9a-f]{12} here, [0-9a-f]{12} there\\); give it another version");
    }

    @Test
    void takesTheSameVersionWithOtherBytesInTheSameFile() throws IOException {
        drop("a.jar", stamp("1.0.0"));
        look();
        Artefact first = use(null);
        drop("a.jar", stamp("1.0.0").file("more", "more"));

        Catalogue catalogue = look();

        assertThat(catalogue.present()).doesNotContain(first).hasSize(1);
        assertThat(catalogue.leaving()).isEmpty();
        assertThat(catalogue.refused()).isEmpty();
    }

    @Test
    void refusesASecondPluginThatClaimsAType() throws IOException {
        drop("zebra.jar", stamp("1.0.0"));
        look();
        drop("ape.jar", PluginJar.of("thief", "1.0.0").filter(TYPE, "y.Thief", "return null;"));

        Catalogue catalogue = look();

        assertThat(catalogue)
                .hasToString("[stamp 1.0.0], refused [ape.jar claims the filter type acme/stamp for the plugin"
                        + " thief, but that type belongs to the plugin stamp; remove one of the two]");
    }

    @Test
    void givesATypeToTheOtherPluginOnceItsOwnerIsGone() throws IOException {
        drop("zebra.jar", stamp("1.0.0"));
        look();
        use(null);
        drop("ape.jar", PluginJar.of("thief", "2.0.0").filter(TYPE, "y.Thief", "return null;"));
        look();

        Files.delete(inbox.resolve("zebra.jar"));
        assertThat(look().refused()).hasSize(1);

        assertThat(later(Duration.ofSeconds(31))).hasToString("[thief 2.0.0]");
    }

    @Test
    void upgradesWithinTheMajorThatServes() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        drop("b.jar", stamp("1.10.0"));
        drop("c.jar", stamp("2.0.0"));
        drop("d.jar", stamp("1.11.0-rc.1"));

        look();

        assertThat(serving(null)).isEqualTo("1.10.0");
        assertThat(serving("^2")).isEqualTo("2.0.0");
        assertThat(serving("~1.4")).isEqualTo("1.4.0");
        assertThat(serving("1.11.0-rc.1")).isEqualTo("1.11.0-rc.1");
        assertThat(serving("^3")).isEqualTo("none");
        assertThat(folder.catalogue().whyNot("filter", TYPE, "^3"))
                .isEqualTo("acme/stamp has no version ^3 here (there are: 2.0.0, 1.11.0-rc.1, 1.10.0, 1.4.0)");
        assertThat(serving("newest")).isEqualTo("none");
        assertThat(folder.catalogue().whyNot("filter", TYPE, "newest"))
                .isEqualTo("newest (expected: a version or a range such as 1.4.0, ~1.4 or ^1)");
    }

    @Test
    void takesTheNewestOfAllWhereNothingServesYet() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        drop("b.jar", stamp("2.0.0"));
        drop("c.jar", stamp("3.0.0-rc.1"));

        look();

        assertThat(serving(null)).isEqualTo("2.0.0");
    }

    @Test
    void saysThatAPreReleaseMustBeNamed() throws IOException {
        drop("a.jar", stamp("1.0.0-SNAPSHOT"));

        look();

        assertThat(serving(null)).isEqualTo("none");
        assertThat(folder.catalogue().whyNot("filter", TYPE, null))
                .isEqualTo("acme/stamp is here as pre-release only; name it: version: 1.0.0-SNAPSHOT");
        assertThat(folder.catalogue().whyNot("filter", "acme/other", null))
                .isEqualTo("no plugin offers the filter type acme/other; put its jar into the plugins folder");
    }

    @Test
    void downgradesWhenTheFileIsReplacedByAnOlderOne() throws IOException {
        drop("a.jar", stamp("1.4.1"));
        look();
        use(null);
        drop("a.jar", stamp("1.4.0"));

        look();

        assertThat(serving(null)).isEqualTo("1.4.0");
        assertThat(serving("1.4.1")).isEqualTo("1.4.1");
        assertThat(later(Duration.ofSeconds(31)).leaving()).isEmpty();
        assertThat(serving("1.4.1")).isEqualTo("none");
    }

    @Test
    void keepsAJarInUseForAWhileAfterItVanished() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        Artefact used = use(null);

        Files.delete(inbox.resolve("a.jar"));
        boolean news = folder.look(false);
        assertThat(news).isTrue();
        assertThat(folder.catalogue().leaving())
                .containsOnly(java.util.Map.entry(used, clock.instant().plusSeconds(30)));
        assertThat(serving(null)).isEqualTo("1.4.0");

        later(Duration.ofSeconds(29));
        assertThat(serving(null)).isEqualTo("1.4.0");

        clock.advance(Duration.ofSeconds(1));
        assertThat(folder.look(false)).isTrue();
        assertThat(serving(null)).isEqualTo("none");
    }

    @Test
    void forgetsAtOnceAJarThatNobodyUses() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();

        Files.delete(inbox.resolve("a.jar"));

        assertThat(look()).hasToString("[]");
    }

    @Test
    void takesBackAJarThatReturnsInTime() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        Files.delete(inbox.resolve("a.jar"));
        look();

        drop("renamed.jar", stamp("1.4.0"));

        assertThat(look()).hasToString("[stamp 1.4.0]");
        assertThat(later(Duration.ofSeconds(31))).hasToString("[stamp 1.4.0]");
    }

    @Test
    void doesNotTakeAnotherMajorByItself() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        drop("a.jar", stamp("2.0.0"));
        look();

        later(Duration.ofSeconds(31));

        assertThat(serving(null)).isEqualTo("none");
        assertThat(folder.catalogue().whyNot("filter", TYPE, null))
                .isEqualTo(
                        "acme/stamp served with major version 1, of which no release is here (there are: 2.0.0); name"
                                + " the one to change to: version: 2.0.0");
    }

    @Test
    void keepsWhatServedWhileItsFileHoldsWhatIsRefused() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        drop("a.jar", PluginJar.empty().file("readme", "no plugin"));

        Catalogue catalogue = later(Duration.ofMinutes(5));

        assertThat(serving(null)).isEqualTo("1.4.0");
        assertThat(catalogue.leaving()).isEmpty();
        assertThat(catalogue.refused()).hasSize(1);
    }

    @Test
    void keepsWhatServedWhileItsFileIsBeingWritten() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        Files.write(inbox.resolve("a.jar"), new byte[10]);

        later(Duration.ofMinutes(5));

        assertThat(serving(null)).isEqualTo("1.4.0");
    }

    @Test
    void goesBackToWhatTheFileHeldWhenTheNewOneIsWithheld() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        drop("a.jar", stamp("1.5.0"));
        look();

        Catalogue catalogue = folder.withhold(folder.catalogue().artefact("filter", TYPE, null), "it does not start");

        assertThat(catalogue)
                .hasToString("[stamp 1.4.0], refused [a.jar is stamp 1.5.0, which failed: it does not start]");
        assertThat(look().present()).hasSize(1);

        drop("a.jar", stamp("1.5.1"));
        assertThat(look()).hasToString("[stamp 1.5.1], leaving [stamp 1.4.0]");
    }

    @Test
    void triesAgainAtTheNextStartWhatWasWithheld() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        drop("a.jar", stamp("1.5.0"));
        look();
        folder.withhold(folder.catalogue().artefact("filter", TYPE, null), "it does not start");

        open();
        folder.look(true);

        assertThat(serving(null)).isEqualTo("1.5.0");
        folder.withhold(folder.catalogue().artefact("filter", TYPE, null), "it does not start");
        assertThat(serving(null)).isEqualTo("1.4.0");
    }

    @Test
    void doesNotTakeAgainWhatWasDeclinedUntilItsBytesChange() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        drop("b.jar", stamp("1.5.0"));
        look();
        Artefact newer = use(null);

        decline(newer, "rolled back to 1.4.0");
        assertThat(serving(null)).isEqualTo("1.4.0");
        assertThat(serving("1.5.0")).isEqualTo("none");

        open();
        folder.look(true);
        assertThat(serving(null)).isEqualTo("1.4.0");
        assertThat(folder.catalogue().refused())
                .singleElement()
                .hasToString(
                        "b.jar is stamp 1.5.0, which is not taken again until its bytes change: rolled back to 1.4.0");

        drop("b.jar", stamp("1.5.0").file("fixed", "yes"));
        look();
        assertThat(serving(null)).isEqualTo("1.5.0");
    }

    @Test
    void takesWhatIsPermittedAgain() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        Artefact artefact = use(null);
        decline(artefact, "removed");

        permit(artefact.sha256());

        assertThat(serving(null)).isEqualTo("1.4.0");
    }

    @Test
    void remembersOverARestartWhichMajorServes() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        drop("b.jar", stamp("2.0.0"));

        open();
        folder.look(true);

        assertThat(serving(null)).isEqualTo("1.4.0");
    }

    @Test
    void offersNothingAfterARestartOfWhatWasRemovedMeanwhile() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        Files.delete(inbox.resolve("a.jar"));

        open();
        folder.look(true);

        assertThat(folder.catalogue()).hasToString("[]");
    }

    @Test
    void keepsOverARestartWhatAFileHeldBeforeItWasBroken() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        Files.write(inbox.resolve("a.jar"), new byte[10]);

        open();
        folder.look(true);

        assertThat(serving(null)).isEqualTo("1.4.0");
    }

    @Test
    void startsAnewWithAPluginThatWasGone() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        Files.delete(inbox.resolve("a.jar"));
        look();
        later(Duration.ofSeconds(31));
        inUse.clear();

        drop("a.jar", stamp("2.0.0"));
        look();

        assertThat(serving(null)).isEqualTo("2.0.0");
    }

    @Test
    void keepsEverythingWhileTheFolderCannotBeRead() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        use(null);
        Path aside = Files.move(inbox, temp.resolve("aside"));

        later(Duration.ofMinutes(5));
        assertThat(serving(null)).isEqualTo("1.4.0");

        Files.move(aside, inbox);
        look();
        assertThat(folder.catalogue()).hasToString("[stamp 1.4.0]");
    }

    @Test
    void tellsNothingNewWhenAnUpgradedArtefactIsGivenBack() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        look();
        Artefact old = use(null);
        drop("a.jar", stamp("1.4.1"));
        look();
        use(null);

        inUse.remove(old);

        assertThat(folder.look(false)).isFalse();
        assertThat(folder.catalogue()).hasToString("[stamp 1.4.1]");
    }

    @Test
    void noOtherFileIsTouched() throws IOException {
        drop("a.jar", stamp("1.4.0"));
        byte[] before = Files.readAllBytes(inbox.resolve("a.jar"));

        look();

        try (Stream<Path> files = Files.list(inbox)) {
            assertThat(files).containsExactly(inbox.resolve("a.jar"));
        }
        assertThat(Files.readAllBytes(inbox.resolve("a.jar"))).isEqualTo(before);
    }
}
