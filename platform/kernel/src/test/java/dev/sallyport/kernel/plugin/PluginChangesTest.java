package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.github.zafarkhaja.semver.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What commands change of the state, whenever it is cut off; and whose folders and files are not taken at all. */
final class PluginChangesTest {

    @TempDir
    private Path temp;

    private final FakeClock clock = new FakeClock();
    private final Set<Artefact> inUse = new HashSet<>();

    @BeforeEach
    void drop() throws IOException {
        PluginJar.stamp("stamp", "1.0.0")
                .build(OwnerOnly.createFolder(temp.resolve("plugins")).resolve("stamp.jar"));
    }

    private PluginsFolder open(PartFile.Observer observer) throws IOException {
        Path data = Files.createDirectories(temp.resolve("data"));
        ArtefactReader reader = new ArtefactReader(Version.parse("0.1.0"), ArtefactReader.Limits.DEFAULT);
        ArtefactStore store = new ArtefactStore(data.resolve("store"), reader, PartFile.Observer.NONE);
        PluginsFolder folder = new PluginsFolder(
                temp.resolve("plugins"),
                false,
                store,
                new StateFile(data, observer),
                true,
                Trust.DEFAULT,
                inUse::contains,
                clock);
        folder.look(true);
        return folder;
    }

    private Artefact stored(PluginChanges changes, String version) throws Exception {
        Path jar = PluginJar.stamp("stamp", version).build(temp.resolve(version + ".jar"));
        return changes.store(jar, "the jar", null).artefact();
    }

    @ParameterizedTest
    @EnumSource(PartFile.Step.class)
    void aCommandThatIsCutOffLeavesTheOldState(PartFile.Step failing) throws Exception {
        boolean[] cut = {false};
        PluginsFolder folder = open(step -> {
            if (cut[0] && step == failing) {
                throw new IOException("killed");
            }
        });
        PluginChanges changes = new PluginChanges(folder, clock);
        Artefact next = stored(changes, "1.1.0");
        String before = Files.readString(temp.resolve("data/plugins.json"));

        PluginChanges.Proposal proposal = changes.install(next, "ann");
        assertThat(folder.catalogue().present()).contains(next);
        cut[0] = true;
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> proposal.commit(Set.of(next)))
                .withMessage("killed");

        assertThat(temp.resolve("data/plugins.json")).hasContent(before);
        assertThat(open(PartFile.Observer.NONE).catalogue()).hasToString("[stamp 1.0.0]");
        proposal.undo();
        assertThat(folder.catalogue()).hasToString("[stamp 1.0.0]");
    }

    @Test
    void aCommandThatIsCutOffBeforeItCommitsHasWrittenNothing() throws Exception {
        PluginsFolder folder = open(PartFile.Observer.NONE);
        PluginChanges changes = new PluginChanges(folder, clock);
        String before = Files.readString(temp.resolve("data/plugins.json"));

        changes.install(stored(changes, "1.1.0"), "ann");
        folder.look(false);

        assertThat(temp.resolve("data/plugins.json")).hasContent(before);
    }

    @Test
    void aCommandThatIsCutOffAfterItCommittedIsDone() throws Exception {
        PluginChanges changes = new PluginChanges(open(PartFile.Observer.NONE), clock);
        Artefact next = stored(changes, "1.1.0");

        changes.install(next, "ann").commit(Set.of(next));

        assertThat(open(PartFile.Observer.NONE).catalogue()).hasToString("[stamp 1.1.0, stamp 1.0.0]");
    }

    @Test
    void whatIsUndoneAfterItWasWrittenIsGoneFromTheDiskToo() throws Exception {
        PluginsFolder folder = open(PartFile.Observer.NONE);
        PluginChanges changes = new PluginChanges(folder, clock);
        Artefact next = stored(changes, "1.1.0");
        PluginChanges.Proposal proposal = changes.install(next, "ann");
        proposal.commit(Set.of(next));

        proposal.undo();

        assertThat(folder.catalogue()).hasToString("[stamp 1.0.0]");
        assertThat(open(PartFile.Observer.NONE).catalogue()).hasToString("[stamp 1.0.0]");
    }

    @Test
    void whatTheFolderTellsMeanwhileOutlivesAnUndo() throws Exception {
        PluginsFolder folder = open(PartFile.Observer.NONE);
        PluginChanges changes = new PluginChanges(folder, clock);
        PluginChanges.Proposal proposal = changes.install(stored(changes, "1.1.0"), "ann");
        PluginJar.stamp("other", "3.0.0").build(temp.resolve("plugins/other.jar"));
        folder.look(true);

        proposal.undo();

        assertThat(folder.catalogue()).hasToString("[other 3.0.0, stamp 1.0.0]");
        assertThat(Files.readString(temp.resolve("data/plugins.json"))).contains("other.jar");
    }

    @Test
    void aCopyInTheStoreThatIsDamagedIsSaid() throws Exception {
        PluginChanges changes = new PluginChanges(open(PartFile.Observer.NONE), clock);
        Artefact next = stored(changes, "1.1.0");
        changes.install(next, "ann").commit(Set.of(next));
        Files.writeString(next.path(), "no jar");

        Catalogue later = open(PartFile.Observer.NONE).catalogue();

        assertThat(later.present()).hasToString("[stamp 1.0.0]");
        assertThat(later.refused())
                .extracting(Object::toString)
                .containsExactly("stamp 1.1.0 (installed) has no sound copy in the store any more; install it again");
    }

    @Test
    void aJarThatOthersCanWriteIsNotTakenUntilItsRightsAreMended() throws Exception {
        Path jar = temp.resolve("plugins/stamp.jar");
        assumePosix();
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-r--"));
        PluginsFolder folder = open(PartFile.Observer.NONE);
        assertThat(folder.catalogue().present()).isEmpty();
        assertThat(folder.catalogue().refused())
                .extracting(Object::toString)
                .containsExactly(
                        "stamp.jar can be written by its group, who could run code here (expected: by its owner"
                                + " alone); chmod go-w " + jar + ", or accept it by folders: {writable: accepted}");

        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
        folder.look(false);
        folder.look(false);

        assertThat(folder.catalogue()).hasToString("[stamp 1.0.0]");
    }

    @Test
    void aFolderThatOthersCanWriteIsNotLookedAtAndWhatServesStays() throws Exception {
        assumePosix();
        PluginsFolder folder = open(PartFile.Observer.NONE);
        Path inbox = temp.resolve("plugins");
        Files.setPosixFilePermissions(inbox, PosixFilePermissions.fromString("rwxrwxrwx"));
        PluginJar.stamp("other", "1.0.0").build(inbox.resolve("other.jar"));

        folder.look(true);

        assertThat(folder.catalogue()).hasToString("[stamp 1.0.0]");
        assertThat(folder.unreadable()).contains("can be written by others", "chmod go-w " + inbox);
        Files.setPosixFilePermissions(inbox, PosixFilePermissions.fromString("rwxr-xr-x"));
        folder.look(true);
        assertThat(folder.catalogue()).hasToString("[other 1.0.0, stamp 1.0.0]");
        assertThat(folder.unreadable()).isNull();
    }

    private void assumePosix() throws IOException {
        assumeThat(Files.getFileStore(temp).supportsFileAttributeView("posix"))
                .as("a file system with rights for group and others")
                .isTrue();
    }

    @Test
    void keepsTheLastFewThatServed() throws Exception {
        PluginsFolder folder = open(PartFile.Observer.NONE);
        PluginChanges changes = new PluginChanges(folder, clock);
        for (int minor = 1; minor <= PluginState.MOST_SERVED + 2; minor++) {
            Artefact next = stored(changes, "1." + minor + ".0");
            changes.install(next, "ann").commit(Set.of(next));
            folder.serves(Set.of(next));
        }

        assertThat(changes.serving("stamp")).hasToString("stamp 1.7.0");
        assertThat(changes.earlier("stamp")).hasToString("stamp 1.6.0");
        assertThat(folder.state().served().get("stamp"))
                .extracting(PluginState.Serving::version)
                .containsExactly("1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0");
        try (Stream<Path> left = Files.list(temp.resolve("data"))) {
            assertThat(left.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
    }
}
