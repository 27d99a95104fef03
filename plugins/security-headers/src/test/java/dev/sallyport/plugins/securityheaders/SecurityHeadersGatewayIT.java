package dev.sallyport.plugins.securityheaders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SecurityHeadersGatewayIT {

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
            HttpResponse<String> response = gateway.get("/");

            assertThat(response.headers().firstValue("server")).isEmpty();
            assertThat(response.headers().firstValue("x-kept")).hasValue("yes");
            assertThat(response.headers().firstValue("x-frame-options")).hasValue("DENY");
            assertThat(response.headers().firstValue("strict-transport-security"))
                    .as("in clear text")
                    .isEmpty();
            assertThat(response.headers().firstValue("cross-origin-resource-policy"))
                    .hasValue("same-site");
        }
    }

    @Test
    void protectsErrorAnswersOfTheGatewayToo() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - {name: broken, match: {paths: [/broken]}, plugins: [{security-headers: {}}], upstream: "http://127.0.0.1:1"}
            """)) {
            HttpResponse<String> response = gateway.get("/broken");

            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(response.headers().allValues("content-type")).containsExactly("application/problem+json");
        }
    }
}
