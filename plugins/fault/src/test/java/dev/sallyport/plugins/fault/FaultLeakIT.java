package dev.sallyport.plugins.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class FaultLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins:
                  - fault:
                      delay: {time: 1ms, share: 100%%}
                      abort: {failure: timeout, share: 100%%}
                      only: {header: x-chaos}
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/", "x-chaos", "1").statusCode()).isEqualTo(504);
        assertThat(gateway.steps()).contains("\"aborted\":");
    }
}
