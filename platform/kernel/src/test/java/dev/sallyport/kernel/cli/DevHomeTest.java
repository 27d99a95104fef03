package dev.sallyport.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DevHomeTest {

    @TempDir
    private Path folder;

    private Path installation;
    private Path project;
    private Path installed;
    private DevHome home;

    @BeforeEach
    void make() throws IOException {
        installation = folder.resolve("installation");
        project = Files.createDirectories(folder.resolve("project"));
        Path plugins = Files.createDirectories(installation.resolve("plugins"));
        installed = PluginJar.stamp("stamp", "0.9.0").build(plugins.resolve("a-name-of-its-own.jar"));
        PluginJar.stamp("other", "1.0.0").build(plugins.resolve("other.jar"));
        home = DevHome.make(installation, project);
    }

    @AfterEach
    void close() throws IOException {
        home.close();
    }

    private Path config(String yaml) throws IOException {
        return Files.writeString(project.resolve("gateway.yaml"), yaml);
    }

    private GatewayConfig.Folders folders(String yaml) throws IOException {
        return home.folders(new ConfigReader(config(yaml), home.folder(), Map.<String, String>of()::get).folders());
    }

    private Path plugins() {
        return home.folder().resolve("plugins");
    }

    @Test
    void theProjectsJarTakesThePlaceOfAnInstalledOneOfThatPlugin() throws IOException {
        Path jar = PluginJar.stamp("stamp", "1.0.0").build(folder.resolve("built.jar"));

        home.drop(jar, "stamp");

        assertThat(plugins()).isDirectoryNotContaining("glob:**/a-name-of-its-own.jar");
        assertThat(plugins().resolve("stamp.jar")).hasSameBinaryContentAs(jar);
        assertThat(plugins().resolve("other.jar")).exists();
        assertThat(installed).as("the installation's own").exists();
    }

    @Test
    void nothingIsLeftOfItAndTheInstallationIsAsItWas() throws IOException {
        byte[] before = Files.readAllBytes(installed);
        home.drop(PluginJar.stamp("stamp", "1.0.0").build(folder.resolve("built.jar")), "stamp");

        home.close();

        assertThat(home.folder()).doesNotExist();
        assertThat(installed).hasBinaryContent(before);
        home = DevHome.make(installation, project);
    }

    @Test
    void scriptsAreTheProjectsThemselvesElseTheInstallations() throws IOException {
        assertThat(folders("version: 1\n").scripts())
                .isEqualTo(home.folder().resolve("scripts").toString());

        Path shared = Files.createDirectories(installation.resolve("scripts"));
        assertThat(folders("version: 1\n").scripts())
                .isEqualTo(shared.toRealPath().toString());

        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.createSymbolicLink(project.resolve("scripts"), elsewhere);
        assertThat(folders("version: 1\n").scripts())
                .as("where a link leads, since changes are not looked for behind one")
                .isEqualTo(elsewhere.toRealPath().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: /var/lib/sallyport", "plugins: ../plugins", "scripts: a/../../b"})
    void refusesFoldersOfAnotherGateway(String line) throws IOException {
        Path config = config("version: 1\nfolders: {" + line + "}\n");

        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> home.refuseOtherFolders(config))
                .withMessageContaining("folders." + line.replaceFirst(": ", " is "))
                .withMessageEndingWith("take the line out");
    }

    @Test
    void dataBelowTheScriptsIsNotWrittenIntoTheProject() throws Exception {
        Files.createDirectories(project.resolve("scripts"));
        String yaml = "version: 1\nfolders: {data: scripts/x}\n";

        home.refuseOtherFolders(config(yaml));

        Files.createDirectories(home.folder().resolve(folders(yaml).data()));
        assertThat(project.resolve("scripts/x")).doesNotExist();
    }
}
