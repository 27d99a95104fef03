package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KnownJarsTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.now().minus(Duration.ofHours(1)));

    @TempDir
    private Path folder;

    private Path memory;
    private Path jar;

    @BeforeEach
    void write() throws IOException {
        memory = folder.resolve(KnownJars.NAME);
        jar = write("one", LONG_AGO);
    }

    private Path write(String content, FileTime time) throws IOException {
        Path file = Files.writeString(folder.resolve("a b.jar"), content);
        return Files.setLastModifiedTime(file, time);
    }

    @Test
    void aLaterStartDoesNotReadWhatDidNotChange() throws IOException {
        KnownJars before = new KnownJars(folder);
        String hash = before.hash(jar);
        before.sound(hash);
        before.keep(() -> Set.of(hash));

        // Only this test can change a file so that nothing tells.
        write("two", LONG_AGO);
        KnownJars later = new KnownJars(folder);

        assertThat(later.hash(jar)).isEqualTo(hash);
        assertThat(later.isSound(hash)).isTrue();
    }

    @Test
    void readsWhatChanged() throws IOException {
        KnownJars before = new KnownJars(folder);
        String hash = before.hash(jar);
        before.keep(Set::of);

        write("two", FileTime.from(LONG_AGO.toInstant().plusSeconds(1)));

        assertThat(new KnownJars(folder).hash(jar)).isNotEqualTo(hash).isEqualTo(ArtefactStore.hash(jar));
    }

    @Test
    void remembersNoFileThatWasWrittenJustNow() throws IOException {
        FileTime now = FileTime.from(Instant.now());
        KnownJars jars = new KnownJars(folder);
        jars.hash(write("one", now));

        write("two", now);

        assertThat(jars.hash(jar)).isEqualTo(ArtefactStore.hash(jar));
    }

    @Test
    void forgetsWhatNobodyKnowsAnyMore() throws IOException {
        KnownJars before = new KnownJars(folder);
        before.sound("0".repeat(64));
        before.sound("1".repeat(64));
        before.keep(() -> Set.of("1".repeat(64)));

        KnownJars later = new KnownJars(folder);

        assertThat(later.isSound("0".repeat(64))).isFalse();
        assertThat(later.isSound("1".repeat(64))).isTrue();
    }

    @Test
    void aMemoryOfOtherRulesOrThatCannotBeReadIsNone() throws IOException {
        String hash = "2".repeat(64);
        for (String content : new String[] {"sallyport jars 0\nsound " + hash, "\u0000\u00ff", "", "sound " + hash}) {
            Files.writeString(memory, content);
            assertThat(new KnownJars(folder).isSound(hash)).isFalse();
        }
        Files.writeString(memory, KnownJars.RULES + "\nsound\nfile ../../etc x\nsound " + hash + "\n");
        assertThat(new KnownJars(folder).isSound(hash)).isTrue();
    }
}
