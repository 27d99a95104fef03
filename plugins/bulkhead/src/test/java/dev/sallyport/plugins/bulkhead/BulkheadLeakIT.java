package dev.sallyport.plugins.bulkhead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class BulkheadLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{bulkhead: {concurrent: 1, by: path, maxWait: 1s}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
    }
}
