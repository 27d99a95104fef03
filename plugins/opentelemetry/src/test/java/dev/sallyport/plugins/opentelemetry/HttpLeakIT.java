package dev.sallyport.plugins.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Nothing is left of the plugin where it spoke HTTP. */
final class HttpLeakIT extends PluginLeakTest {

    private OtlpReceiver receiver;

    @BeforeEach
    void start() {
        receiver = OtlpReceiver.http();
        try (Run warm = new Run(configs -> {
            configs.endpoint = receiver.url();
            configs.protocol = OpenTelemetryConfig.Protocol.HTTP;
        })) { // starts the receiver's own threads
            warm.pass(Run.stranger(), 200);
            org.awaitility.Awaitility.await().until(() -> !receiver.spans.isEmpty());
        }
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            services:
              - name: telemetry
                opentelemetry:
                  endpoint: "%s"
                  protocol: http
                  traces: {steps: true}
                  metrics: {interval: 100ms, steps: true}
            routes: [{name: all, upstream: "%s"}]
            """.formatted(receiver.url(), upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        int before = receiver.spans.size();
        int metrics = receiver.metrics.size();
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        gateway.await("what is told", () -> receiver.spans.size() > before && receiver.metrics.size() > metrics);
    }

    @Override
    protected void breakWhatItNeeds(TestUpstream upstream) {
        upstream.close();
        receiver.close();
    }
}
