package dev.sallyport.plugins.requestsize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

final class RequestSizeLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes: [{name: all, plugins: [{request-size: 10B}], upstream: "%s"}]
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.send(HttpRequest.newBuilder(gateway.address())
                                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[10])))
                                .build())
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.send(HttpRequest.newBuilder(gateway.address())
                                .POST(BodyPublishers.ofString("too many bytes"))
                                .build())
                        .statusCode())
                .isEqualTo(413);
    }
}
