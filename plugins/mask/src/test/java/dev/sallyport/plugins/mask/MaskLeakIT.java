package dev.sallyport.plugins.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.util.Map;

final class MaskLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins: [{mask: {rules: [{patterns: [card, email], regexes: ['x-[0-9]{3}'], as: {last: 4}}]}}]
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(_ -> new Answered(200, "[\"a@b.example\",1]", Map.of("Content-Type", "application/json")));

        assertThat(gateway.get("/").body()).isEqualTo("[\"*@*.***mple\",1]");
    }
}
