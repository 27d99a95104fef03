package the_publisher.the_name;

import dev.sallyport.testgateway.PluginSwapTest;
import dev.sallyport.testgateway.TestUpstream;

/** No client notices that the jar is replaced. */
final class TheNameSwapIT extends PluginSwapTest {

    @Override
    protected String config(TestUpstream upstream) {
        return "routes: [{name: all, plugins: [{the-publisher/the-name: {}}], upstream: \"" + upstream.address()
                + "\"}]";
    }
}
