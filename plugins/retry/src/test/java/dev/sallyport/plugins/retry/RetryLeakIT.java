package dev.sallyport.plugins.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

final class RetryLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes: [{name: all, plugins: [{retry: {tryTimeout: 5s}}], upstream: "%s"}]
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(503, "not now");
        assertThat(gateway.send(HttpRequest.newBuilder(gateway.address())
                                .PUT(BodyPublishers.ofString("a body"))
                                .build())
                        .statusCode())
                .isEqualTo(503);
        upstream.answers(200, "well");
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
    }
}
