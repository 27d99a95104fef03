package dev.sallyport.plugins.keyauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class KeyAuthLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        // the hash of "test"
        return """
            consumers:
              - name: mobile
                credentials:
                  - key-auth: {hash: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
            routes:
              - {name: all, plugins: [{key-auth: {}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/", "x-api-key", "test").statusCode()).isEqualTo(200);
        assertThat(upstream.last().header("x-consumer-name")).hasValue("mobile");
        assertThat(gateway.get("/", "x-api-key", "wrong").statusCode()).isEqualTo(401);
    }
}
