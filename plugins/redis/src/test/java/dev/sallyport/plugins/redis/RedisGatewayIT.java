package dev.sallyport.plugins.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.PluginJar;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testservers.RedisServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RedisGatewayIT {

    private RedisServer redis;
    private TestUpstream upstream;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
        redis.close();
    }

    private static TestGateway.Builder builder() {
        return TestGateway.with(TestGateway.builtJar()).and(TestGateway.builtJar(Path.of("../rate-limit")));
    }

    /** A gateway that has found Redis. */
    private static TestGateway start(String config) {
        TestGateway gateway = builder().start(config);
        gateway.await("Redis", () -> gateway.degraded().isEmpty());
        return gateway;
    }

    private String config(String limit) {
        return """
            services: [{name: shared, redis: {url: "%s", timeout: 5s}}]
            routes:
              - {name: all, plugins: [{rate-limit: {%s, store: shared}}], upstream: "%s"}
            """.formatted(redis.url(), limit, upstream.address());
    }

    @Test
    void servesTheExampleOfItsPage() {
        String example = MarkdownPage.examples()
                .getFirst()
                .replace("redis://127.0.0.1:6379", redis.url())
                .replace("http://127.0.0.1:9001", upstream.address().toString());
        try (TestGateway gateway = start(example)) {
            assertThat(gateway.get("/orders/1").statusCode()).isEqualTo(200);
            assertThat(redis.command("DBSIZE")).isEqualTo(":1");
        }
    }

    @Test
    void twoGatewaysCountTogether() {
        try (TestGateway one = start(config("limit: 2/h"));
                TestGateway other = start(config("limit: 2/h"))) {
            assertThat(one.get("/").statusCode()).isEqualTo(200);
            assertThat(other.get("/").statusCode()).isEqualTo(200);

            assertThat(one.get("/").statusCode()).isEqualTo(429);
            assertThat(other.get("/").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void countsOnOverReloadsAndUpgradesOfBothPlugins(@TempDir Path folder) {
        try (TestGateway gateway = start(config("limit: 1/h"))) {
            gateway.get("/");

            ReloadResult unchanged = gateway.configure(config("limit: 1/h"));
            assertThat(unchanged.created()).isZero();
            assertThat(gateway.get("/").statusCode()).isEqualTo(429);

            gateway.drop(PluginJar.withVersion(
                    TestGateway.builtJar(),
                    "0.1.1",
                    folder.resolve(TestGateway.builtJar().getFileName())));
            assertThat(gateway.get("/").statusCode()).isEqualTo(429);

            Path rateLimit = TestGateway.builtJar(Path.of("../rate-limit"));
            gateway.drop(PluginJar.withVersion(rateLimit, "0.1.1", folder.resolve(rateLimit.getFileName())));
            assertThat(gateway.get("/").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void servesAndSaysSoWhileRedisIsAway() {
        redis.kill();
        try (TestGateway gateway = builder().start(config("limit: 1/h"))) {
            HttpResponse<String> response = gateway.get("/");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(gateway.get("/").statusCode()).as("counted here").isEqualTo(429);
            assertThat(gateway.degraded()).anyMatch(line -> line.startsWith("service shared: Redis is away"));

            redis.restart();
            gateway.await("Redis to be found", () -> gateway.degraded().isEmpty());
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aStepThatNamesNoStoreIsRefused() {
        try (TestGateway gateway = builder().start(config("limit: 1/h"))) {
            ReloadResult result = gateway.configure(config("limit: 1/h").replace("store: shared", "store: shard"));

            assertThat(result.applied()).isFalse();
            assertThat(result.toString()).contains("did you mean shared?");
        }
    }
}
