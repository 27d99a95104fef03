package dev.sallyport.plugins.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class AnalyticsLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            plugins: [{analytics: {}}]
            routes: [{name: all, upstream: "%s"}]
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        gateway.await(
                "an answer",
                () -> gateway.ask("analytics/*/analytics", "usage", "groupBy=route")
                        .contains("\"route\":\"all\""));
    }
}
