package dev.sallyport.plugins.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class GraphqlLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins: [{graphql: {maxDepth: 2}}]
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/graphql?query=%7Ba%7Bb%7D%7D").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/graphql?query=%7Ba%7Bb%7Bc%7D%7D%7D").statusCode())
                .isEqualTo(400);
        assertThat(gateway.get("/graphql?query=%7Ba").statusCode()).isEqualTo(400);
    }
}
