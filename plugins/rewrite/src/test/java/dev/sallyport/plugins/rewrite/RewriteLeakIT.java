package dev.sallyport.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class RewriteLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins: [{rewrite: {regex: "/v(\\\\d)/(.*)", to: /$2, query: {set: {version: "$1"}}}}]
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/v1/a").body()).isEqualTo("GET /a?version=1");
    }
}
