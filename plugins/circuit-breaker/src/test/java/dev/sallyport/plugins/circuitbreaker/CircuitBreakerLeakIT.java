package dev.sallyport.plugins.circuitbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class CircuitBreakerLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            upstreams:
              back:
                targets: ["%s"]
                plugins: [{circuit-breaker: {window: 10s, minimumCalls: 1000}}]
            routes:
              - {name: all, plugins: [{circuit-breaker: {window: 2, slowAfter: 1m, openFor: 1h}}], upstream: back}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        // It stays open over an upgrade: back to where it began.
        gateway.tell("circuit-breaker/all/circuit-breaker", "close", null);
        gateway.tell("circuit-breaker/all/circuit-breaker", "auto", null);
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        upstream.answers(500, "broken");
        assertThat(gateway.get("/").statusCode()).isEqualTo(500);
        assertThat(gateway.get("/").statusCode()).isEqualTo(503);
        upstream.answers(200, "well");
    }

    @Override
    protected void serveAgain(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").statusCode()).isEqualTo(503);
    }
}
