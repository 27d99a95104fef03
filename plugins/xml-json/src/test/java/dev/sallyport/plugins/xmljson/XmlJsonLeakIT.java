package dev.sallyport.plugins.xmljson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.util.Map;

final class XmlJsonLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins: [{xml-json: {response: xml-to-json}}]
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(_ -> new Answered(200, "<a><b>1</b></a>", Map.of("content-type", "text/xml")));

        assertThat(gateway.get("/").body()).isEqualTo("{\"a\":{\"b\":\"1\"}}");
    }
}
