package dev.sallyport.plugins.mask;

import dev.sallyport.testgateway.PluginSwapTest;
import dev.sallyport.testgateway.TestUpstream;

final class MaskSwapIT extends PluginSwapTest {

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
    protected String target() {
        return "/a@b.example";
    }
}
