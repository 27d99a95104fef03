package dev.sallyport.plugins.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;

final class MaintenanceLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes: [{name: all, plugins: [{maintenance: {on: false}}], upstream: "%s"}]
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.tell("maintenance/all/maintenance", "on", null)).contains("maintenance is on");
        assertThat(gateway.get("/").statusCode()).isEqualTo(503);
        assertThat(gateway.steps()).contains("\"on\":true");
        assertThat(gateway.tell("maintenance/all/maintenance", "auto", null)).contains("maintenance is off");
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
    }
}
