package dev.sallyport.plugins.messagepolicy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.util.Map;

final class MessagePolicyLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins:
                  - message-policy: {from: [upstream], schema: {type: object, properties: {a: {pattern: '^x'}}}, idle: 1m, onBreach: drop}
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(_ -> new Answered(
                200, "data: {\"a\":\"x\"}\n\ndata: {\"a\":\"y\"}\n\n", Map.of("Content-Type", "text/event-stream")));

        assertThat(gateway.get("/").body()).isEqualTo("data: {\"a\":\"x\"}\n\n");
    }
}
