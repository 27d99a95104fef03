package dev.sallyport.plugins.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class KubernetesLeakIT extends PluginLeakTest {

    private ApiServer api;

    @BeforeEach
    void start() throws IOException {
        api = ApiServer.start();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Override
    protected String config(TestUpstream upstream) {
        KubernetesGatewayIT.put(api, upstream);
        return KubernetesGatewayIT.config(api);
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        gateway.await("the pod", () -> gateway.get("/").statusCode() == 200);
        assertThat(upstream.requests()).isNotEmpty();
    }

    @Override
    protected void breakWhatItNeeds(TestUpstream upstream) {
        upstream.close();
        api.end();
    }
}
