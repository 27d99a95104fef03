package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file of a team does to a gateway that serves those of others. */
final class TeamFilesTest {

    private static final String MAIN = """
        include:
          - {files: blog.yaml, onError: keepLast}
          - {files: shop.yaml, hosts: [localhost], onError: keepLast}
        routes: [{name: main, match: {paths: [/main]}, plugins: [{acme/hello: {header: x}}]}]
        """;

    @TempDir
    private Path home;

    @BeforeEach
    void drop() throws IOException {
        OwnerOnly.createFolder(home.resolve("plugins"));
        PluginJar.of("hello", "1.0.0").filter("acme/hello", "x.Hello", """
            if (config.header().equals("never")) {
                throw new ConfigException("header", "never (expected: another one)");
            }
            return (request, next) -> Response.of(200).withHeader("x-version", config.header());
            """).build(home.resolve("plugins/hello.jar"));
    }

    private void team(String name, String path, String header) throws IOException {
        String hosts = name.equals("shop") ? "hosts: [localhost], " : "";
        write(
                name,
                "routes: [{name: " + name + ", match: {" + hosts + "paths: [" + path
                        + "]}, plugins: [{acme/hello: {header: " + header + "}}]}]\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(home.resolve(name + ".yaml"), text);
    }

    private RunningGateway running() throws Exception {
        team("blog", "/blog", "blog-1");
        team("shop", "/shop", "shop-1");
        return RunningGateway.in(home, MAIN);
    }

    @Test
    void servesWhatATeamHadWhereItsFileBreaksAndWhatOthersHaveNow() throws Exception {
        try (RunningGateway running = running()) {
            write("shop", "routes: [{nam: shop}]");
            team("blog", "/blog", "blog-2");

            ReloadResult result = running.gateway().reload("test");

            assertThat(result.applied()).isTrue();
            assertThat(running.version("/blog")).isEqualTo("blog-2");
            assertThat(running.version("/main")).isEqualTo("x");
            assertThat(running.versionOf("localhost", "/shop")).isEqualTo("shop-1");
            assertHeldBack(running, result, "shop.yaml");
        }
    }

    @Test
    void servesWhatATeamHadWhereItsStepCannotBeMade() throws Exception {
        try (RunningGateway running = running()) {
            team("shop", "/shop", "never");
            team("blog", "/blog", "blog-2");

            ReloadResult result = running.gateway().reload("test");

            assertThat(result.applied()).isTrue();
            assertThat(running.version("/blog")).isEqualTo("blog-2");
            assertThat(running.versionOf("localhost", "/shop")).isEqualTo("shop-1");
            assertThat(result.problems())
                    .extracting(Object::toString)
                    .anyMatch(line -> line.contains("never (expected"));
            assertHeldBack(running, result, "shop.yaml");
        }
    }

    @Test
    void holdsBackTheTeamThatTakesWhatAnotherOneHas() throws Exception {
        try (RunningGateway running = running()) {
            write("blog", """
                routes:
                  - {name: blog, match: {hosts: [localhost], paths: [/shop]}, plugins: [{acme/hello: {header: stolen}}]}
                """);

            ReloadResult result = running.gateway().reload("test");

            assertThat(result.applied()).isTrue();
            assertThat(running.versionOf("localhost", "/shop")).isEqualTo("shop-1");
            assertThat(running.version("/blog")).isEqualTo("blog-1");
            assertThat(result.problems())
                    .extracting(Object::toString)
                    .anyMatch(line -> line.startsWith("shop.yaml:1:30 routes[0].match: shop takes what blog at"
                            + " blog.yaml:2:5 takes too, such as GET localhost/shop (expected: "));
            assertHeldBack(running, result, "blog.yaml");
        }
    }

    @Test
    void takesTheFileAgainOnceItIsMended() throws Exception {
        try (RunningGateway running = running()) {
            write("shop", "nonsense");
            running.gateway().reload("test");
            team("shop", "/shop", "shop-2");

            assertThat(running.gateway().reload("test").applied()).isTrue();

            assertThat(running.versionOf("localhost", "/shop")).isEqualTo("shop-2");
            assertThat(running.gateway().degraded()).isEmpty();
            assertThat(running.gateway().history().newestFirst().getFirst().changes())
                    .contains("include shop.yaml no longer held back");
        }
    }

    @Test
    void refusesAHostThatIsNotTheTeams() throws Exception {
        try (RunningGateway running = running()) {
            write("shop", "routes: [{name: shop, match: {hosts: [127.0.0.1]}, plugins: [{acme/hello: {header: x}}]}]");

            ReloadResult result = running.gateway().reload("test");

            assertThat(running.versionOf("localhost", "/shop")).isEqualTo("shop-1");
            assertThat(running.version("/")).isEqualTo("404");
            assertHeldBack(running, result, "shop.yaml");
        }
    }

    private static void assertHeldBack(RunningGateway running, ReloadResult result, String include) {
        assertThat(running.gateway().degraded())
                .isEqualTo(List.of("include held back, its last good content serves: " + include));
        assertThat(result.problems())
                .extracting(Object::toString)
                .anyMatch(line -> line.contains(include + " is held back, its last good content serves"));
        assertThat(running.gateway().history().newestFirst()) // the watch on the files may have come first
                .flatExtracting(GenerationRecord::changes)
                .contains("include " + include + " held back: its last good content serves");
    }
}
