package dev.sallyport.plugins.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class RespondLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return "routes: [{name: all, plugins: [{respond: {json: {a: 1}}}]}]\n";
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").body()).isEqualTo("{\"a\":1}");
    }
}
