package the_publisher.the_name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

/** Nothing of a replaced version is left in memory. */
final class TheNameLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return "routes: [{name: all, plugins: [{the-publisher/the-name: {}}], upstream: \"" + upstream.address()
                + "\"}]";
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
    }
}
