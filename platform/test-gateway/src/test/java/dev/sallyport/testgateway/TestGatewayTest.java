package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TestGatewayTest {

    @TempDir
    private static Path folder;

    private static Path jar;

    @BeforeAll
    static void build() throws IOException {
        jar = SamplePlugin.in(folder, "", "");
    }

    private static String config(String text, TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{sample: {text: "%s"}}], upstream: "%s"}
            """.formatted(text, upstream.address());
    }

    @Test
    void servesWithThePluginAndShowsWhatArrives() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(jar).start(config("one", upstream))) {
            upstream.answers(request -> new Answered(201, "made", Map.of("x-made", request.body())));

            HttpResponse<String> response =
                    gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/a?b=c"))
                            .POST(HttpRequest.BodyPublishers.ofString("text"))
                            .build());

            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.body()).isEqualTo("made");
            assertThat(response.headers().firstValue("x-made")).hasValue("text");
            assertThat(upstream.last().method()).isEqualTo("POST");
            assertThat(upstream.last().target()).isEqualTo("/a?b=c");
            assertThat(upstream.last().header("X-Sample")).hasValue("one");
        }
    }

    @Test
    void takesAnotherConfigurationOrSaysWhyNot() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(jar).start(config("one", upstream))) {
            ReloadResult same = gateway.configure(config("one", upstream));
            ReloadResult other = gateway.configure(config("other", upstream));
            ReloadResult broken = gateway.configure("routes: nothing\n");

            assertThat(same.kept()).isEqualTo(1);
            assertThat(other.created()).isEqualTo(1);
            assertThat(broken.applied()).isFalse();
            assertThat(gateway.degraded()).anyMatch(line -> line.contains("nothing"));
            gateway.get("/");
            assertThat(upstream.last().header("x-sample")).hasValue("other");
        }
    }

    @Test
    void swapsTheJarWhileItServes(@TempDir Path copies) {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(jar).start(config("one", upstream))) {
            Path copy = PluginJar.withVersion(jar, "1.0.1", copies.resolve("sample.jar"));

            gateway.drop(copy);

            assertThat(PluginJar.version(copy)).isEqualTo("1.0.1");
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            gateway.await(
                    "the old version to be unloaded",
                    () -> gateway.loaders().plugins().stream()
                            .anyMatch(plugin -> plugin.id().equals("sample") && plugin.retired() == 1));
        }
    }

    @Test
    void saysWhyItDoesNotStart() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> TestGateway.with(jar).start("routes: nothing\n"))
                .withMessageContaining("nothing");
    }

    @Test
    void leavesTheLoggingOfTheProcessAsItIs() {
        Logger root = Logger.getLogger("");
        List<Handler> handlers = List.of(root.getHandlers());
        Level level = root.getLevel();
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(jar).start("log: {level: error}\n" + config("one", upstream))) {
            Logger.getLogger("sample").warning("seen");

            assertThat(gateway.log()).contains("WARNING sample: seen");
            assertThat(root.getHandlers()).containsAll(handlers);
            assertThat(root.getLevel()).isEqualTo(level);
        }
        assertThat(root.getHandlers()).containsExactlyElementsOf(handlers);
    }

    @Test
    void deletesItsFolder() {
        Path home;
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(jar).file("extra/file.txt", "text").start(config("one", upstream))) {
            home = gateway.home();
            assertThat(home.resolve("extra/file.txt")).hasContent("text");
        }
        assertThat(home).doesNotExist();
    }

    @Test
    void findsTheBlocksOfAPage(@TempDir Path pages) throws IOException {
        Path page = Files.writeString(pages.resolve("page.md"), """
            # Title

            ```yaml
            a: 1
            ```

            ## Example

            - in a list:
              ```yaml
              b:
                c: 2
              ```

            ```json
            # no heading
            ```
            """);

        MarkdownPage read = MarkdownPage.read(page);

        assertThat(read.fences())
                .containsExactly(
                        new MarkdownPage.Fence("yaml", "Title", 3, "a: 1\n"),
                        new MarkdownPage.Fence("yaml", "Example", 10, "b:\n  c: 2\n"),
                        new MarkdownPage.Fence("json", "Example", 15, "# no heading\n"));
        assertThat(read.yaml()).hasSize(2);
    }
}
