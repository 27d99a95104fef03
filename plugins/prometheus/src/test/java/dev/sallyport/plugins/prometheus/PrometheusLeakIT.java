package dev.sallyport.plugins.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class PrometheusLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            services: [{name: metrics, prometheus: {steps: true, consumers: 10}}]
            routes: [{name: all, upstream: "%s"}]
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        gateway.await(
                "the request to be counted",
                () -> gateway.metrics()
                        .contains(
                                "sallyport_request_duration_seconds_count{method=\"GET\",route=\"all\",status=\"200\"}"));
    }
}
