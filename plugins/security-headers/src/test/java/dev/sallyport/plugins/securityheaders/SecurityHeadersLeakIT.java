package dev.sallyport.plugins.securityheaders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class SecurityHeadersLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{security-headers: {}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").headers().firstValue("x-frame-options")).hasValue("SAMEORIGIN");
    }
}
