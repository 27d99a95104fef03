package dev.sallyport.plugins.cors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CorsGatewayIT {

    private static final String PAGE = "https://app.example.com";

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start()
                        .answers(request -> new Answered(200, "ok", Map.of("Access-Control-Allow-Origin", "*")));
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            HttpResponse<String> preflight = preflight(gateway, "/orders/1", PAGE);
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                    .hasValue(PAGE);
            assertThat(preflight.headers().firstValue("access-control-allow-credentials"))
                    .hasValue("true");
            assertThat(preflight(gateway, "/orders/1", "https://evil.test").statusCode())
                    .isEqualTo(403);
            assertThat(upstream.requests()).isEmpty();

            HttpResponse<String> answer = gateway.get("/orders/1", "origin", PAGE);
            assertThat(answer.headers().allValues("access-control-allow-origin"))
                    .containsExactly(PAGE);
            assertThat(answer.headers().allValues("access-control-expose-headers"))
                    .containsExactly("x-total");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void pagesCanReadErrorAnswersOfTheGatewayToo() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - {name: broken, match: {paths: [/broken]}, plugins: [{cors: {origins: ["%s"]}}], upstream: "http://127.0.0.1:1"}
            """.formatted(PAGE))) {
            HttpResponse<String> response = gateway.get("/broken", "origin", PAGE);

            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.headers().firstValue("access-control-allow-origin"))
                    .hasValue(PAGE);
            assertThat(gateway.get("/broken").headers().firstValue("access-control-allow-origin"))
                    .isEmpty();
        }
    }

    @Test
    void beforeRoutingItAnswersForAllMethodsOfAllRoutes() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            plugins: [{cors: {origins: ["%s"]}}]
                            routes: [{name: writes, match: {paths: [/orders], methods: [PUT]}, upstream: "%s"}]
                            """.formatted(PAGE, upstream.address()))) {
            assertThat(preflight(gateway, "/orders", PAGE).statusCode()).isEqualTo(204);
            assertThat(gateway.get("/none", "origin", PAGE).headers().firstValue("access-control-allow-origin"))
                    .hasValue(PAGE);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    private static HttpResponse<String> preflight(TestGateway gateway, String path, String origin) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve(path))
                .method("OPTIONS", BodyPublishers.noBody())
                .headers("origin", origin, "access-control-request-method", "PUT")
                .build());
    }
}
