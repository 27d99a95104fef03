package dev.sallyport.plugins.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testservers.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class RedisLeakIT extends PluginLeakTest {

    private RedisServer redis;
    private int turns;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Override
    protected TestGateway.Builder gateway(Path jar) {
        return TestGateway.with(jar).and(TestGateway.builtJar(Path.of("../rate-limit")));
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            services: [{name: shared, redis: {url: "%s", timeout: 5s}}]
            routes:
              - name: all
                plugins: [{rate-limit: {limit: 1/h, by: header.x-turn, store: shared}}]
                upstream: "%s"
            """.formatted(redis.url(), upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        gateway.await("Redis", () -> gateway.degraded().isEmpty());
        String turn = Integer.toString(turns++);
        assertThat(gateway.get("/", "x-turn", turn).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/", "x-turn", turn).statusCode()).isEqualTo(429);
        assertThat(redis.command("EXISTS", "sallyport:t{:rate-limit/all/rate-limit\n=" + turn + "}"))
                .isEqualTo(":1");
    }

    @Override
    protected void breakWhatItNeeds(TestUpstream upstream) {
        upstream.close();
        redis.kill();
    }
}
