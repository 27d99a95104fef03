package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class IpListLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            listeners:
              - {name: web, address: "127.0.0.1:0", trustedProxies: {cidrs: [127.0.0.0/8], header: x-forwarded-for}}
            routes:
              - {name: all, plugins: [{ip-list: {allow: [10.0.0.0/8, "2001:db8::/32"]}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/", "x-forwarded-for", "10.1.2.3").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/", "x-forwarded-for", "2001:db8::1").statusCode())
                .isEqualTo(200);
        assertThat(gateway.get("/").statusCode()).isEqualTo(403);
    }
}
