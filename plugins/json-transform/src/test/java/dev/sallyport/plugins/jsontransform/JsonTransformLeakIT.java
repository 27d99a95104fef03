package dev.sallyport.plugins.jsontransform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.util.Map;

final class JsonTransformLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins: [{json-transform: {response: [{remove: [/secret]}, {template: '{"b": a + 1}'}]}}]
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(
                request -> new Answered(200, "{\"secret\":1,\"a\":2}", Map.of("Content-Type", "application/json")));

        assertThat(gateway.get("/").body()).isEqualTo("{\"b\":3}");
    }
}
