package dev.sallyport.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevProjectTest {

    @TempDir
    private Path root;

    private DevProject project;

    @BeforeEach
    void make() {
        project = new DevProject(root, true);
    }

    private Path write(String name, String text, int millis) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
    }

    @Test
    void theJarIsTheOneThatWasBuiltLastAndHoldsAPlugin() throws IOException {
        assertThat(project.jar()).as("before the first build").isNull();

        write("target/quota-1.0.0.jar", "", 1_000);
        Path last = write("target/quota-1.1.0.jar", "", 2_000);
        for (String other :
                new String[] {"original-quota-1.1.0.jar", "quota-1.1.0-sources.jar", "quota-1.1.0.jar.dsse.json"}) {
            write("target/" + other, "", 3_000);
        }

        assertThat(project.jar()).isEqualTo(last);
    }

    @Test
    void aTargetThatGoesAwayIsNoJarAndNotTheEnd() throws IOException {
        Path target = Files.createDirectories(root.resolve("target"));
        Files.delete(target);
        Files.createSymbolicLink(target, root.resolve("nowhere"));

        assertThat(project.jar()).isNull();
        assertThat(project.compiled()).isEmpty();
        assertThat(project.watched()).contains(root.resolve("pom.xml"));
    }

    @Test
    void aJarIsOldWhereASourceOrThePomIsNewer() throws IOException {
        write("src/main/java/Quota.java", "", 1_000);
        write("pom.xml", "", 1_000);
        Path jar = write("target/quota.jar", "", 2_000);

        assertThat(project.isOlderThanSources(jar)).isFalse();

        write("pom.xml", "", 3_000);

        assertThat(project.isOlderThanSources(jar)).isTrue();
    }

    @Test
    void whatAnIdeHasCompiledIsPackedIntoACopy() throws IOException {
        Path jar = PluginJar.stamp("stamp", "1.0.0").file("old.txt", "old").build(root.resolve("stamp.jar"));
        write("target/classes/old.txt", "new", 1_000);
        write("target/classes/deep/er/new.txt", "new", 1_000);

        Path packed = project.packed(jar, root.resolve("packed.jar"));

        try (JarFile before = new JarFile(jar.toFile());
                JarFile after = new JarFile(packed.toFile())) {
            assertThat(before.getInputStream(before.getEntry("old.txt"))).hasContent("old");
            assertThat(after.getInputStream(after.getEntry("old.txt"))).hasContent("new");
            assertThat(after.getEntry("deep/er/new.txt")).isNotNull();
            assertThat(after.getEntry("x/Stamp.class")).isNotNull();
            assertThat(after.getManifest()).isEqualTo(before.getManifest());
        }
    }

    @Test
    void itsOwnMavenSaysWhetherItBuilds() throws Exception {
        Path wrapper = write("mvnw", "#!/bin/sh\ntest -e works\n", 1_000);
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();

        assertThat(project.build()).isFalse();

        write("works", "", 1_000);

        assertThat(project.build()).isTrue();
    }
}
