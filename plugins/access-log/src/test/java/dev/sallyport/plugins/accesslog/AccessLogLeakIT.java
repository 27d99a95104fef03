package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class AccessLogLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            plugins:
              - access-log: {to: {file: logs/one.log}}
              - access-log: {to: {file: logs/other.log}, format: combined}
            routes: [{name: all, upstream: "%s"}]
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) throws IOException {
        Path file = gateway.home().resolve("logs/one.log");
        long before = Files.exists(file) ? Files.size(file) : 0;
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        gateway.await("a line", () -> Files.exists(file) && file.toFile().length() > before);
    }

    @Override
    protected void serveAgain(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
    }
}
