package dev.sallyport.plugins.messagepolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.MarkdownPage.Fence;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/guides/messages.md shows, and the script of this plugin's page. */
@Timeout(90)
final class GuideIT {

    private static final MarkdownPage GUIDE = MarkdownPage.read(Path.of("../../docs/guides/messages.md"));

    @Test
    void itsConversationsGoAsItSays() throws Exception {
        String yaml = "";
        String script = "";
        int run = 0;
        for (Fence fence : GUIDE.fences()) {
            if (fence.language().equals("yaml")) {
                yaml = fence.text();
            } else if (fence.language().startsWith("js")) {
                script = fence.text();
            } else if (fence.language().equals("messages")) {
                converse(yaml, script, fence);
                run++;
            }
        }
        assertThat(run).isEqualTo(2);
    }

    private static void converse(String yaml, String script, Fence lines) throws Exception {
        Echo echo = new Echo();
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .script("hide.js", script)
                        .start(yaml.replace("http://127.0.0.1:9001", echo.address()));
                Client client = new Client(gateway.address(), "/chat", "Origin", "https://shop.example.com")) {
            int received = 0;
            for (String line : lines.text().lines().toList()) {
                String what = line.substring(2);
                switch (line.charAt(0)) {
                    case '>' -> client.send(what);
                    case '<' -> {
                        int count = ++received;
                        await().until(() -> client.texts.size() == count);
                        assertThat(client.texts.getLast()).isEqualTo(what);
                    }
                    default -> assertThat(client.awaitClose()).isEqualTo(what);
                }
            }
        } finally {
            echo.end();
        }
    }

    @Test
    void itsEventsAreLeftOutAsItSays() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(GUIDE.yaml()
                                .getLast()
                                .text()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            upstream.answers(_ -> new Answered(
                    200, "data: {\"price\":1}\n\ndata: {}\n\n: end\n\n", Map.of("Content-Type", "text/event-stream")));

            assertThat(gateway.get("/prices").body()).isEqualTo("data: {\"price\":1}\n\n: end\n\n");
        }
    }

    @Test
    void theScriptOfThePageDoesWhatItSays() throws Exception {
        Echo echo = new Echo();
        String script = MarkdownPage.read(Path.of("README.md")).fences().stream()
                .filter(fence -> fence.language().equals("js"))
                .findFirst()
                .orElseThrow()
                .text();
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .script("hook.js", script)
                        .start("""
                            routes: [{name: all, plugins: [{message-policy: {script: hook.js}}], upstream: "%s"}]
                            """.formatted(echo.address()));
                Client client = new Client(gateway.address(), "/")) {
            for (String text : List.of("drop me", " a ", "as it is ", "bye")) {
                client.send(text);
            }

            assertThat(client.awaitClose()).isEqualTo("4001 as you say");
            await().untilAsserted(() -> assertThat(echo.received).containsExactly("a", "as it is "));
        } finally {
            echo.end();
        }
    }

    /** The step of the page is compiled as it stands there; but for where its lines are broken. */
    @Test
    void theStepOfThePageIsOneThatCompiles() throws Exception {
        String shown = GUIDE.fences().stream()
                .filter(fence -> fence.language().equals("java"))
                .findFirst()
                .orElseThrow()
                .text();
        String compiled = Files.readString(Path.of("src/test/java/dev/sallyport/plugins/messagepolicy/PingStep.java"));

        assertThat(compiled.replaceAll("\\s+", "")).contains(shown.replaceAll("\\s+", ""));
    }
}
