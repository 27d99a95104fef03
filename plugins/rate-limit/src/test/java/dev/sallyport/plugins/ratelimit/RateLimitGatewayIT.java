package dev.sallyport.plugins.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.PluginJar;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RateLimitGatewayIT {

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private TestGateway gateway(String settings) {
        return TestGateway.with(TestGateway.builtJar()).start(config(settings));
    }

    private String config(String settings) {
        return """
            routes:
              - {name: all, plugins: [{rate-limit: {%s}}], upstream: "%s"}
            """.formatted(settings, upstream.address());
    }

    @Test
    void servesTheExampleOfItsPage() {
        String example = MarkdownPage.examples()
                .getFirst()
                .replace("http://127.0.0.1:9001", upstream.address().toString());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example)) {
            HttpResponse<String> response = gateway.get("/orders/1", "x-api-key", "k");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(String.join(", ", response.headers().allValues("RateLimit-Policy")))
                    .contains("\"rate-limit\";q=100;w=1", "\"daily\";q=500");
            assertThat(String.join(", ", response.headers().allValues("RateLimit")))
                    .contains("\"rate-limit\";r=", "\"daily\";r=499");
        }
    }

    @Test
    void answers429BeyondTheLimitAndSparesTheUpstream() {
        try (TestGateway gateway = gateway("limit: 3/h")) {
            for (int i = 0; i < 3; i++) {
                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            }

            HttpResponse<String> refused = gateway.get("/");

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 1200L);
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(refused.body())
                    .contains("https://iana.org/assignments/http-problem-types#quota-exceeded", "3/h");
            assertThat(upstream.requests()).hasSize(3);
        }
    }

    @Test
    void countsEachValueForItself() {
        try (TestGateway gateway = gateway("limit: 1/h, by: header.x-tenant")) {
            assertThat(gateway.get("/", "x-tenant", "a").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/", "x-tenant", "a").statusCode()).isEqualTo(429);
            assertThat(gateway.get("/", "x-tenant", "b").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void headersOfAStrangerDoNotEvadeALimitByAddress() {
        try (TestGateway gateway = gateway("limit: 1/h, by: client.address")) {
            assertThat(gateway.get("/", "x-forwarded-for", "192.0.2.1").statusCode())
                    .isEqualTo(200);
            assertThat(gateway.get("/", "x-forwarded-for", "192.0.2.2").statusCode())
                    .isEqualTo(429);
        }
    }

    @Test
    void servesThePlansOfItsPage() {
        String example = MarkdownPage.examples()
                .get(1)
                .replace("http://127.0.0.1:9001", upstream.address().toString());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example)) {
            HttpResponse<String> response = gateway.get("/plans/1");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("RateLimit-Policy"))
                    .hasValue("\"rate-limit\";q=5;w=1, \"rate-limit-day\";q=1000;w=86400,"
                            + " \"rate-limit-month\";q=10000;w=2592000");
        }
    }

    @Test
    void makesRoomWhenAResponseHasBeenWritten() {
        try (TestGateway gateway = gateway("limit: 1/30s, algorithm: concurrent")) {
            for (int i = 0; i < 5; i++) {
                gateway.await("room", () -> gateway.get("/").statusCode() == 200);
            }
        }
    }

    @Test
    void requestsBeyondTheLimitWaitForTheirTurn() {
        try (TestGateway gateway = gateway("limit: 20/s, burst: 1, delay: 1s")) {
            for (int i = 0; i < 5; i++) {
                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void countsOnOverAnUpgradeOfThePlugin(@TempDir Path folder) {
        Path jar = TestGateway.builtJar();
        try (TestGateway gateway = gateway("limit: 2/h")) {
            gateway.get("/");
            gateway.get("/");

            gateway.drop(PluginJar.withVersion(jar, "0.1.1", folder.resolve(jar.getFileName())));

            assertThat(gateway.get("/").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void countsOnOverReloadsAlsoWithAnotherLimit() {
        try (TestGateway gateway = gateway("limit: 2/h")) {
            gateway.get("/");
            gateway.get("/");

            ReloadResult unchanged = gateway.configure(config("limit: 2/h"));

            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(unchanged.created()).isZero();
            assertThat(gateway.get("/").statusCode()).isEqualTo(429);

            ReloadResult changed = gateway.configure(config("limit: 4/h, hideFields: true"));

            assertThat(changed.created()).isEqualTo(1);
            HttpResponse<String> refused = gateway.get("/");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("RateLimit")).isEmpty();
        }
    }
}
