package dev.sallyport.plugins.javascript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JavascriptGatewayIT {

    private static final String REGION = """
        export default async function (request, next, { config }) {
          request.headers.set("x-region", config.region);
          const response = await next(request);
          response.headers.set("x-seen", String(response.status));
          return response;
        }
        """;

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private String example() {
        return MarkdownPage.examples().getFirst() + "routes: [{name: all, upstream: \"" + upstream.address() + "\"}]\n";
    }

    private TestGateway gateway(String script) {
        return TestGateway.with(TestGateway.builtJar())
                .script("step.js", script)
                .start(config(""));
    }

    private String config(String settings) {
        return """
            routes:
              - {name: all, plugins: [{javascript: {script: step.js%s}}], upstream: "%s"}
            """.formatted(settings, upstream.address());
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .script("add-region.js", REGION)
                .start(example())) {
            HttpResponse<String> response = gateway.get("/a");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("x-seen")).hasValue("200");
            assertThat(upstream.last().header("x-region")).hasValue("us");
        }
    }

    @Test
    void changesABodyOnItsWay() {
        try (TestGateway gateway = gateway("""
            export default async function (request, next) {
              const order = await request.json();
              order.total = order.price * order.pieces;
              return next(new Request(request, { body: JSON.stringify(order) }));
            }
            """)) {
            gateway.send(HttpRequest.newBuilder(gateway.address())
                    .POST(HttpRequest.BodyPublishers.ofString("{\"price\":3,\"pieces\":4}"))
                    .build());

            assertThat(upstream.last().body()).isEqualTo("{\"price\":3,\"pieces\":4,\"total\":12}");
        }
    }

    @Test
    void aScriptThatThrowsOrLoopsHarmsOnlyItsCall() {
        try (TestGateway gateway = gateway("""
            export default async function (request, next) {
              if (request.url.includes("throw")) throw new Error("inner detail");
              while (request.url.includes("loop")) {}
              return next(request);
            }
            """)) {
            HttpResponse<String> thrown = gateway.get("/throw");
            assertThat(thrown.statusCode()).isEqualTo(500);
            assertThat(thrown.body()).contains("errorId").doesNotContain("inner detail");
            assertThat(gateway.get("/loop").statusCode()).isEqualTo(500);
            assertThat(gateway.get("/fine").statusCode()).isEqualTo(200);
            assertThat(gateway.log()).anyMatch(line -> line.contains("step.js:2") && line.contains("inner detail"));
        }
    }

    @Test
    void takesAChangedScriptAndRefusesABrokenOne() throws IOException {
        try (TestGateway gateway = gateway("export default () => new Response(\"one\");")) {
            ReloadResult unchanged = gateway.configure(config(""));
            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(unchanged.created()).isZero();
            assertThat(gateway.get("/").body()).isEqualTo("one");

            write(gateway, "export default () => new Response(\"two\");");
            gateway.await(
                    "the new script to serve", () -> gateway.get("/").body().equals("two"));

            write(gateway, "export default () => {\n  let x = ;\n};");
            gateway.await(
                    "the broken script to be refused",
                    () -> gateway.degraded().stream().anyMatch(line -> line.contains("step.js:2")));
            assertThat(gateway.get("/").body()).isEqualTo("two");
        }
    }

    private static void write(TestGateway gateway, String script) throws IOException {
        Path part = Files.writeString(gateway.home().resolve("step.js.part"), script);
        Files.move(part, gateway.home().resolve("scripts/step.js"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void isMadeAnewWhenItsSettingsChange() {
        try (TestGateway gateway =
                gateway("export default (r, n, { config }) => new Response(config.text ?? \"none\");")) {
            assertThat(gateway.get("/").body()).isEqualTo("none");

            ReloadResult changed = gateway.configure(config(", config: {text: some}"));

            assertThat(changed.created()).isEqualTo(1);
            assertThat(gateway.get("/").body()).isEqualTo("some");
        }
    }
}
