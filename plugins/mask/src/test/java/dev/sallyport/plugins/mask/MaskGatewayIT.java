package dev.sallyport.plugins.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MaskGatewayIT {

    private static final String CARD = "4111 1111 1111 1111";

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static String lines(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void servesTheExampleOfItsPage() {
        upstream.answers(_ -> new Answered(
                200,
                "{\"user\":\"zoe\",\"password\":\"x\",\"note\":\"paid by " + CARD + "\"}",
                Map.of("Content-Type", "application/json")));
        TestGateway.Builder builder =
                TestGateway.with(TestGateway.builtJar()).and(TestGateway.builtJar(Path.of("../access-log")));
        try (TestGateway gateway = builder.start(MarkdownPage.examples()
                .getFirst()
                .replace("http://127.0.0.1:9001", upstream.address().toString()))) {
            String target = "/shop/a%40b.example?token=abc&card=4111111111111111";

            assertThat(gateway.get(target, "Referer", "http://x/?mail=a%40b.example")
                            .body())
                    .isEqualTo("{\"user\":\"zoe\",\"note\":\"paid by **** **** **** 1111\"}");

            assertThat(upstream.last().target()).isEqualTo(target);
            Path log = gateway.home().resolve("logs/access.log");
            gateway.await("a line", () -> lines(log).endsWith("\n"));
            assertThat(lines(log))
                    .contains(
                            "\"path\":\"/shop/***\"",
                            "\"query\":\"token=***&card=************1111\"",
                            "\"referer\":\"http://x/?mail=***\"")
                    .doesNotContain("b.example");
            assertThat(gateway.metrics())
                    .containsPattern("sallyport_mask_hidden_total\\{[^}]*what=\"card\"[^}]*where=\"response\"[^}]*} 1")
                    .doesNotContain("4111");
            assertThat(gateway.traces()).doesNotContain("4111 1111");
        }
    }

    @Test
    void hidesInARequestBeforeItGoesUp() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - name: all
                plugins:
                  - mask: {rules: [{in: [request], patterns: [card], names: [pin], headers: [x-card], as: {last: 4}}]}
                upstream: "%s"
            """.formatted(upstream.address()))) {
            for (int i = 0; i < 2; i++) {
                String json = "{\"pin\":123456789,\"text\":\"" + "x".repeat(i * 100_000) + " " + CARD + "\"}";
                gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/"))
                        .header("Content-Type", "application/json")
                        .header("X-Card", CARD)
                        .POST(BodyPublishers.ofString(json))
                        .build());

                assertThat(upstream.last().header("x-card")).hasValue("**** **** **** 1111");
                assertThat(upstream.last().body())
                        .isEqualTo(json.replace("123456789", "\"*****6789\"").replace(CARD, "**** **** **** 1111"));
            }
        }
    }
}
