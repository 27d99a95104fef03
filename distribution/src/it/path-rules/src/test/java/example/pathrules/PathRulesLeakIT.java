package example.pathrules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class PathRulesLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return "routes: [{name: all, plugins: [{example/path-rules: {refuse: ['[.]bak$']}}], upstream: \""
                + upstream.address() + "\"}]";
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/a").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/a.bak").statusCode()).isEqualTo(403);
    }
}
