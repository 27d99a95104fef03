package example.pathrules;

import dev.sallyport.testgateway.PluginSwapTest;
import dev.sallyport.testgateway.TestUpstream;

final class PathRulesSwapIT extends PluginSwapTest {

    @Override
    protected String config(TestUpstream upstream) {
        return "routes: [{name: all, plugins: [{example/path-rules: {refuse: [a]}}], upstream: \"" + upstream.address()
                + "\"}]";
    }

    @Override
    protected String target() {
        return "/a";
    }

    @Override
    protected int status() {
        return 403;
    }
}
