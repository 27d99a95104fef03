package dev.sallyport.plugins.clientcredentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import org.junit.jupiter.api.AfterEach;

final class ClientCredentialsLeakIT extends PluginLeakTest {

    private final Provider provider = new Provider();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins: [{client-credentials: {issuer: "%s", clientId: gateway, clientSecret: s3cret}}]
                upstream: "%s"
            """.formatted(provider.issuer(), upstream.address());
    }

    @Override
    protected void breakWhatItNeeds(TestUpstream upstream) {
        super.breakWhatItNeeds(upstream);
        provider.close();
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
    }
}
