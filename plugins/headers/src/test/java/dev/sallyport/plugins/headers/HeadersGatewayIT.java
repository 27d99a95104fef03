package dev.sallyport.plugins.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HeadersGatewayIT {

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start()
                        .answers(request -> new Answered(200, "ok", Map.of("Server", "secret/1.2", "X-Kept", "yes")));
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            HttpResponse<String> response = gateway.get(
                    "/orders/1",
                    "x-internal-user",
                    "root",
                    "x-consumer",
                    "forged",
                    "x-client",
                    "forged",
                    "x-other",
                    "o");

            assertThat(upstream.last().headers()).doesNotContainKeys("x-internal-user", "x-consumer");
            assertThat(upstream.last().headers().get("x-client")).containsExactly("127.0.0.1");
            assertThat(upstream.last().header("x-other")).hasValue("o");
            assertThat(response.headers().firstValue("server")).isEmpty();
            assertThat(response.headers().firstValue("x-kept")).hasValue("yes");
            assertThat(response.headers().firstValue("strict-transport-security"))
                    .hasValue("max-age=31536000");
        }
    }

    @Test
    void changesTheResponseWhereItsConditionHolds() {
        try (TestUpstream upstream = TestUpstream.start()
                        .answers(request ->
                                new Answered(request.target().endsWith("/1") ? 500 : 200, "ok", Map.of("x-a", "b")));
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            HttpResponse<String> failed = gateway.get("/orders/1");

            assertThat(failed.headers().firstValue("retry-after")).hasValue("5");
            assertThat(failed.headers().firstValue("x-failed")).hasValue("orders 500");
            assertThat(gateway.get("/orders/2").headers().map()).doesNotContainKeys("retry-after", "x-failed");
        }
    }

    @Test
    void changesErrorAnswersOfTheGatewayToo() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
            plugins: [{headers: {response: {set: {x-frame-options: DENY}}}}]
            routes: [{name: nowhere, match: {paths: [/nowhere]}, upstream: "http://127.0.0.1:1"}]
            """)) {
            HttpResponse<String> response = gateway.get("/none");

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.headers().firstValue("x-frame-options")).hasValue("DENY");
        }
    }

    @Test
    void keepsItsInstanceUntilItsSettingsChange() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config("one", upstream))) {
            ReloadResult unchanged = gateway.configure(config("one", upstream));
            ReloadResult changed = gateway.configure(config("two", upstream));

            assertThat(unchanged.created()).isZero();
            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(changed.created()).isEqualTo(1);
            gateway.get("/");
            assertThat(upstream.last().header("x-value")).hasValue("two");
        }
    }

    private static String config(String value, TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{headers: {request: {set: {x-value: %s}}}}], upstream: "%s"}
            """.formatted(value, upstream.address());
    }
}
