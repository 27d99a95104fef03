package dev.sallyport.plugins.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class HeadersLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins:
                  - headers:
                      request: {remove: ["x-internal-*"], set: {x-client: "{client.address}"}}
                      response: {set: {x-path: "{path}"}}
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/a", "x-internal-b", "c").headers().firstValue("x-path"))
                .hasValue("/a");
        assertThat(upstream.last().header("x-client")).hasValue("127.0.0.1");
    }
}
