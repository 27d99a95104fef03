package dev.sallyport.plugins.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class EtcdLeakIT extends PluginLeakTest {

    private EtcdServer etcd;

    @BeforeEach
    void start() throws IOException {
        etcd = EtcdServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        if (etcd != null) {
            etcd.close();
        }
    }

    @Override
    protected String config(TestUpstream upstream) {
        try {
            EtcdGatewayIT.register(etcd, upstream);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return EtcdGatewayIT.config(etcd);
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        gateway.await("the instance", () -> gateway.get("/").statusCode() == 200);
        assertThat(upstream.requests()).isNotEmpty();
    }

    @Override
    protected void breakWhatItNeeds(TestUpstream upstream) {
        upstream.close();
        try {
            etcd.kill();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
