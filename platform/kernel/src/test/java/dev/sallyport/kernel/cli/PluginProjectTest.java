package dev.sallyport.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the template; that the real one builds is shown end to end. */
final class PluginProjectTest {

    @TempDir
    private Path folder;

    private Path kit;

    @BeforeEach
    void makeKit() throws IOException {
        kit = folder.resolve("kit");
        Files.createDirectories(kit.resolve("maven/dev/sallyport/sallyport-plugin-parent/0.7.0"));
        write("template/dot-gitignore", "target/\n");
        write("template/mvnw", "#!/bin/sh\n");
        write("template/dot-mvn/maven.config", "-Dmaven.repo.local.tail=THE_KIT\n");
        write(
                "template/src/main/java/the_publisher/the_name/TheNameFilter.java",
                "package the_publisher.the_name; class TheNameFilter {} // the-publisher/the-name, THE_VERSION\n");
    }

    private void write(String name, String text) throws IOException {
        Path file = kit.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @ParameterizedTest
    @CsvSource({
        "acme/quota, acme, quota, Quota",
        "acme-corp/rate-limit, acmecorp, ratelimit, RateLimit",
        "new/switch, new_, switch_, Switch",
        "the-name/quota, thename, quota, Quota",
        "acme/the-publisher, acme, thepublisher, ThePublisher",
        "acme/contest, acme, contest, Contest"
    })
    void putsTheNamesIntoPathsAndTexts(String type, String publisher, String name, String prefix) throws Exception {
        Path project = folder.resolve("project");

        PluginProject.of(type).write(kit, project);

        assertThat(project.resolve("src/main/java/%s/%s/%sFilter.java".formatted(publisher, name, prefix)))
                .content()
                .isEqualTo("package %s.%s; class %sFilter {} // %s, 0.7.0\n".formatted(publisher, name, prefix, type));
        assertThat(project.resolve(".mvn/maven.config"))
                .content()
                .isEqualTo("-Dmaven.repo.local.tail=" + kit.resolve("maven") + "\n");
        assertThat(project.resolve(".gitignore")).exists();
        assertThat(project.resolve("mvnw")).isExecutable();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "quota",
                "acme/",
                "/quota",
                "acme/quota/more",
                "Acme/quota",
                "acme/quo ta",
                "acme/quota-",
                "acme/-quota",
                "../acme/quota",
                "acme/..",
                "acme/4ever",
                "acme/filter",
                "acme/plugin",
                "acme/test",
                "acme/test-anything",
                "java/quota",
                "dev/sallyport",
                "acme/a123456789b123456789c123456789d123456789e123456789f123456789"
            })
    void refusesWhatIsNoName(String type) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> PluginProject.of(type))
                .withMessageStartingWith("'" + type + "' (expected: ");
    }

    @Test
    void takesAnEmptyFolderAndNoOther() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project"));
        PluginProject.of("acme/quota").write(kit, project);

        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> PluginProject.of("acme/other").write(kit, project));
        assertThat(project.resolve("src/main/java/acme/other")).doesNotExist();
    }
}
