package dev.sallyport.plugins.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class FallbackLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{fallback: {rules: {statuses: [5xx], answer: {json: {a: 1}}}}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(500, "broken");
        assertThat(gateway.get("/").body()).isEqualTo("{\"a\":1}");
        upstream.answers(200, "well");
        assertThat(gateway.get("/").body()).isEqualTo("well");
    }
}
