package dev.sallyport.plugins.javascript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.nio.file.Path;

final class JavascriptLeakIT extends PluginLeakTest {

    @Override
    protected TestGateway.Builder gateway(Path jar) {
        return super.gateway(jar).script("step.js", """
            export default async function (request, next, { config }) {
              if (request.url.includes("throw")) throw new Error("on purpose");
              request.headers.set("x-list", config.list.join());
              return next(request);
            }
            """);
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins: [{javascript: {script: step.js, config: {list: [1, 2]}}}]
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        assertThat(upstream.last().header("x-list")).hasValue("1,2");
        assertThat(gateway.get("/throw").statusCode()).isEqualTo(500);
    }
}
