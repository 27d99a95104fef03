package dev.sallyport.plugins.cors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class CorsLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{cors: {origins: ["https://*.example.com"]}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/", "origin", "https://app.example.com")
                        .headers()
                        .firstValue("access-control-allow-origin"))
                .hasValue("https://app.example.com");
    }
}
