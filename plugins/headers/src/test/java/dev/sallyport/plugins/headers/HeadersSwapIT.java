package dev.sallyport.plugins.headers;

import dev.sallyport.testgateway.PluginSwapTest;
import dev.sallyport.testgateway.TestUpstream;
import java.util.Map;

final class HeadersSwapIT extends PluginSwapTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins:
                  - headers:
                      request: {remove: ["x-internal-*"], set: {x-client: "{client.address}"}}
                      response: {set: {x-path: "{path}"}}
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("x-internal-b", "c");
    }
}
