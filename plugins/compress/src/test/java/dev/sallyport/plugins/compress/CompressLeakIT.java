package dev.sallyport.plugins.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.util.Map;

/** Its libraries of machine code are loaded by each version anew, and go with it. */
final class CompressLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{compress: {}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(request -> new Answered(200, "x".repeat(10_000), Map.of("Content-Type", "text/plain")));
        for (String coding : new String[] {"gzip", "br", "zstd"}) {
            assertThat(gateway.get("/", "accept-encoding", coding).headers().firstValue("content-encoding"))
                    .hasValue(coding);
        }
    }
}
