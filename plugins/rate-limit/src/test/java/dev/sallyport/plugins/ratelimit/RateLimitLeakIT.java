package dev.sallyport.plugins.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class RateLimitLeakIT extends PluginLeakTest {

    private int turns;

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{rate-limit: {limit: 2/h, by: header.x-turn}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        String turn = Integer.toString(turns++);
        assertThat(gateway.get("/", "x-turn", turn).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/", "x-turn", turn).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/", "x-turn", turn).statusCode()).isEqualTo(429);
    }
}
