package dev.sallyport.plugins.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.util.Map;

final class CacheLeakIT extends PluginLeakTest {

    private int turns;

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{cache: {ttl: 1h, staleWhileRevalidate: 1h}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(
                request -> new TestUpstream.Answered(200, "x", Map.of("ETag", "\"a\"", "Cache-Control", "max-age=60")));
        String path = "/" + turns++;
        assertThat(gateway.get(path).headers().firstValue("cache-status").orElse(""))
                .contains("stored");
        assertThat(gateway.get(path).headers().firstValue("cache-status").orElse(""))
                .contains("hit");
    }
}
