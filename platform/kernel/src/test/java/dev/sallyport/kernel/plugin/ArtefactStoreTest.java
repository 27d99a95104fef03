package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.zafarkhaja.semver.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArtefactStoreTest {

    @TempDir
    Path temp;

    private ArtefactStore store(PartFile.Observer observer) throws IOException {
        ArtefactReader reader = new ArtefactReader(Version.parse("0.1.0"), ArtefactReader.Limits.DEFAULT);
        return new ArtefactStore(temp.resolve("store"), reader, observer);
    }

    private Path jar(String version) {
        return PluginJar.stamp("stamp", version).build(temp.resolve("stamp-" + version + ".jar"));
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("store"))) {
            return files.map(each -> each.getFileName().toString()).toList().stream();
        }
    }

    @Test
    void keepsACopyUnderTheHashOfItsBytes() throws Exception {
        Path jar = jar("1.0.0");

        Artefact artefact = store(PartFile.Observer.NONE).put(jar);
        Files.delete(jar);

        assertThat(artefact.path())
                .isEqualTo(temp.resolve("store")
                        .resolve(artefact.sha256() + ".jar")
                        .toAbsolutePath());
        assertThat(artefact.path()).isRegularFile();
        assertThat(store(PartFile.Observer.NONE).find(artefact.sha256())).isEqualTo(artefact);
    }

    @Test
    void writesNothingForBytesThatItHas() throws Exception {
        Artefact artefact = store(PartFile.Observer.NONE).put(jar("1.0.0"));
        ArtefactStore readOnly = store(step -> {
            throw new IOException("written to: " + step);
        });

        assertThat(readOnly.put(jar("1.0.0"))).isEqualTo(artefact);
    }

    /** A store that has seen the jar, and lost its copy: as for a new gateway of an installation that was prepared. */
    private ArtefactStore knowing(Path jar) throws Exception {
        ArtefactStore before = store(PartFile.Observer.NONE);
        Artefact artefact = before.put(jar);
        before.remember(() -> Set.of(artefact.sha256()));
        Files.delete(artefact.path());
        return store(PartFile.Observer.NONE);
    }

    @Test
    void aStartCopiesWhatItKnowsToBeSoundOnlyWhenItIsLoaded() throws Exception {
        Path jar = jar("1.0.0");
        ArtefactStore store = knowing(jar);

        Artefact artefact = store.putOwing(jar);
        assertThat(artefact.path()).doesNotExist();

        store.check(artefact);
        assertThat(artefact.path()).hasSameBinaryContentAs(jar);
    }

    @Test
    void whatAStartOwesIsCopiedAfterwards() throws Exception {
        Path jar = jar("1.0.0");
        ArtefactStore store = knowing(jar);
        Artefact artefact = store.putOwing(jar);

        store.copyOwed();
        Files.delete(jar);

        store.check(artefact);
        assertThat(artefact.path()).isRegularFile();
    }

    @Test
    void aFileThatChangesBeforeItIsCopiedIsNotTakenForWhatItWas() throws Exception {
        Path jar = jar("1.0.0");
        ArtefactStore store = knowing(jar);
        Artefact artefact = store.putOwing(jar);
        Files.copy(jar("1.1.0"), jar, StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> store.check(artefact)).isInstanceOf(PluginException.class);
        assertThat(names()).noneMatch(name -> name.contains(artefact.sha256()));
    }

    @Test
    void aStartCopiesAtOnceWhatItDoesNotKnow() throws Exception {
        assertThat(store(PartFile.Observer.NONE).putOwing(jar("1.0.0")).path()).isRegularFile();
    }

    @Test
    void makesItsFolderAgainWhenSomebodyDeletedIt() throws Exception {
        ArtefactStore store = store(PartFile.Observer.NONE);
        Files.delete(temp.resolve("store"));

        assertThat(store.put(jar("1.0.0")).path()).exists();
    }

    @Test
    void keepsNoCopyOfWhatItRefuses() throws Exception {
        Path jar = PluginJar.empty().file("readme", "no plugin").build(temp.resolve("a.jar"));

        assertThatThrownBy(() -> store(PartFile.Observer.NONE).put(jar)).isInstanceOf(RefusedException.class);

        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(PartFile.Step.class)
    void leavesNothingHalfWhenAStepFails(PartFile.Step failing) throws Exception {
        Path jar = jar("1.0.0");
        ArtefactStore failingStore = store(step -> {
            if (step == failing) {
                throw new IOException("No space left on device");
            }
        });

        assertThatThrownBy(() -> failingStore.put(jar)).hasMessage("No space left on device");

        assertThat(names()).isEmpty();
        assertThat(store(PartFile.Observer.NONE).put(jar).version()).isEqualTo("1.0.0");
    }

    @Test
    void doesNotUseACopyThatWasDamagedOnDisk() throws Exception {
        Path jar = jar("1.0.0");
        Artefact artefact = store(PartFile.Observer.NONE).put(jar);
        byte[] bytes = Files.readAllBytes(artefact.path());
        bytes[bytes.length / 2] ^= 1;
        Files.write(artefact.path(), bytes);

        assertThat(store(PartFile.Observer.NONE).find(artefact.sha256())).isNull();

        assertThat(store(PartFile.Observer.NONE).put(jar)).isEqualTo(artefact);
        assertThat(store(PartFile.Observer.NONE).find(artefact.sha256())).isEqualTo(artefact);
    }

    @Test
    void sweepsWhatNothingKnowsAndWhatAStoppedProcessLeft() throws Exception {
        ArtefactStore store = store(PartFile.Observer.NONE);
        Artefact kept = store.put(jar("1.0.0"));
        Artefact unknown = store.put(jar("1.1.0"));
        Files.write(temp.resolve("store/.left.part"), new byte[100]);
        Files.write(temp.resolve("store/notes.txt"), new byte[1]);

        store.sweep(Set.of(kept.sha256()));

        assertThat(names()).containsExactlyInAnyOrder(kept.sha256() + ".jar", "notes.txt");
        assertThat(unknown.path()).doesNotExist();
    }
}
