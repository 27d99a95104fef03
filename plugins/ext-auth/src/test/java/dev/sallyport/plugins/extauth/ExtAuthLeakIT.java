package dev.sallyport.plugins.extauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class ExtAuthLeakIT extends PluginLeakTest {

    /** The upstream decides, too. */
    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: http
                match: {paths: [/http]}
                plugins: [{ext-auth: {ask: {http: {url: "%1$s/verify"}}, cache: {by: [path]}}}]
                upstream: "%1$s"
              - name: opa
                match: {paths: [/opa]}
                plugins: [{ext-auth: {ask: {opa: {url: "%1$s", path: gateway/allow}}}}]
                upstream: "%1$s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(200, "{\"result\": true}");
        assertThat(gateway.get("/http").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/opa").statusCode()).isEqualTo(200);
    }
}
