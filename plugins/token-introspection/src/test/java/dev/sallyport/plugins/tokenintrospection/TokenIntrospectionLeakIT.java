package dev.sallyport.plugins.tokenintrospection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import org.junit.jupiter.api.AfterEach;

final class TokenIntrospectionLeakIT extends PluginLeakTest {

    private final Provider provider = new Provider().says("good", "{\"active\": true, \"sub\": \"alice\"}");

    @AfterEach
    void stop() {
        provider.close();
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins: [{token-introspection: {issuer: "%s", clientId: gateway, clientSecret: s3cret}}]
                upstream: "%s"
            """.formatted(provider.issuer(), upstream.address());
    }

    @Override
    protected void breakWhatItNeeds(TestUpstream upstream) {
        super.breakWhatItNeeds(upstream);
        provider.close();
    }

    @Override
    protected void serveWithoutIt(TestGateway gateway) {
        gateway.get("/", "authorization", "Bearer good");
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/", "authorization", "Bearer good").statusCode())
                .isEqualTo(200);
        assertThat(gateway.get("/", "authorization", "Bearer bad").statusCode()).isEqualTo(401);
    }
}
