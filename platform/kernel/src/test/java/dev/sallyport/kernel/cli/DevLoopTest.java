package dev.sallyport.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code dev} makes of changes, with a gateway; the builds are a script's, Maven's are shown end to end. */
final class DevLoopTest {

    @TempDir
    private Path folder;

    private final StringWriter printed = new StringWriter();
    private final CountDownLatch failed = new CountDownLatch(1);
    private Path project;
    private Path installed;
    private DevHome home;
    private DevLoop loop;

    @BeforeEach
    void makeProject() throws IOException {
        project = folder.resolve("project");
        installed = Files.createDirectories(folder.resolve("installation/plugins"));
        write("pom.xml", "<project/>");
        write("src/main/java/Stamp.java", "class Stamp {}");
        write("gateway.yaml", """
            version: 1
            listeners: [{name: web, address: "127.0.0.1:0"}]
            status: {address: "127.0.0.1:0"}
            admin: {address: "127.0.0.1:0"}
            routes: [{name: all, plugins: [{acme/stamp: {header: x}}]}]
            """);
    }

    @AfterEach
    void close() throws IOException {
        loop.close();
        home.close();
    }

    private Path write(String name, String text) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Puts a jar where Maven would, and as whole as Maven would not. */
    private void built(String version) throws IOException {
        Path target = Files.createDirectories(project.resolve("target"));
        PluginJar.stamp("stamp", version).build(target.resolve("stamp.jar"));
    }

    private void start(boolean builds) throws IOException {
        home = DevHome.make(folder.resolve("installation"), project);
        loop = new DevLoop(
                new DevProject(project, builds),
                home,
                project.resolve("gateway.yaml"),
                new PrintWriter(printed),
                failed::countDown);
        loop.start();
    }

    private void awaitLine(String text) {
        await(text)
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(printed.toString()).contains(text));
    }

    @Test
    void withoutBuildingItTakesWhatAppearsInTarget() throws IOException {
        write("mvnw", "must not run, and cannot");
        start(false);
        awaitLine("watching");

        built("1.0.0");
        awaitLine("ready in");
        write("src/main/java/Stamp.java", "class Stamp { int changed; }");
        built("1.1.0");

        awaitLine("stamp 1.1.0 serves, ");
        assertThat(printed.toString()).doesNotContain("build");
    }

    @Test
    void whatAnIdeCompilesServesWithoutABuild() throws IOException {
        built("1.0.0");
        start(false);
        awaitLine("ready in");

        write("target/classes/note.txt", "compiled");

        awaitLine("stamp 1.0.0 serves, ");
    }

    @Test
    void aFirstBuildThatFailsIsToldAndTheNextOneServes() throws IOException {
        Path jar = PluginJar.stamp("stamp", "1.0.0").build(folder.resolve("stamp.jar"));
        Path wrapper = write("mvnw", """
            #!/bin/sh
            grep -q mended src/main/java/Stamp.java || exit 1
            mkdir -p target
            cp %s target/stamp.jar
            """.formatted(jar));
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
        start(true);
        awaitLine("the build failed\n");

        write("src/main/java/Stamp.java", "class Stamp {} // mended");

        awaitLine("ready in");
        assertThat(printed.toString()).doesNotContain("serves on");
    }

    @Test
    void aBuildThatCannotBeginIsTriedAgain() throws IOException {
        Path wrapper = write("mvnw", "#!/bin/sh\ncp ../stamp.jar target/stamp.jar\n");
        PluginJar.stamp("stamp", "1.0.0").build(folder.resolve("stamp.jar"));
        Files.createDirectories(project.resolve("target"));
        start(true);
        awaitLine("tries again at the next: java.io.IOException");

        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
        write("target/classes/note.txt", "any change, of no source");

        awaitLine("ready in");
    }

    @Test
    void theFirstJarBeingRefusedIsTold() throws IOException {
        PluginJar.of("another", "1.0.0")
                .filter("acme/stamp", "x.Other", "return (request, next) -> Response.of(200);")
                .build(installed.resolve("another.jar"));
        built("1.0.0");
        start(false);

        awaitLine("ready in");

        assertThat(printed.toString()).contains("refused: ", "acme/stamp");
    }

    @Test
    void theFirstJarBeingUsedByNothingIsTold() throws IOException {
        Path config = project.resolve("gateway.yaml");
        Files.writeString(config, Files.readString(config).replaceFirst("(?s)routes:.*", "routes: []\n"));
        built("1.0.0");
        start(false);

        awaitLine("ready in");

        assertThat(printed.toString()).contains("stamp 1.0.0 is there, but nothing uses it");
        assertThat(loop.failed()).isFalse();
        assertThat(failed.getCount()).isOne();
    }

    @Test
    void aBrokenFirstConfigurationIsToldAndServesOnceMended() throws IOException {
        Path config = project.resolve("gateway.yaml");
        String good = Files.readString(config);
        Files.writeString(config, good.replace("routes:", "rautes:"));
        built("1.0.0");
        start(false);
        awaitLine("rautes");

        Files.writeString(config, good);

        awaitLine("ready in");
    }
}
