package dev.sallyport.plugins.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class AuthorizeLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins:
                  - authorize:
                      allow: ["request.path.matches('^/[a-z]*$') && client.address.inCidr('127.0.0.0/8')"]
                      deny: ["authenticated && consumer.groups.exists(g, g == 'x')"]
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/a").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/1").statusCode()).isEqualTo(403);
    }
}
