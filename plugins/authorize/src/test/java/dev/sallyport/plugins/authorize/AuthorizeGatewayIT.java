package dev.sallyport.plugins.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class AuthorizeGatewayIT {

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            assertThat(gateway.get("/orders/1").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/orders/1?expand=lines").statusCode()).isEqualTo(200);
            assertThat(delete(gateway, "").statusCode()).isEqualTo(403);
            assertThat(delete(gateway, "erp").statusCode()).isEqualTo(200);
            HttpResponse<String> refused = gateway.get("/orders/1?expand=all");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body())
                    .contains("\"rule\":\"expand\"", "\"detail\":\"expand=all is for the night jobs only.\"");
            assertThat(upstream.requests()).hasSize(3);
        }
    }

    @Test
    void aMistakeIsToldWithItsPlaceWhenTheConfigurationIsRead() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start(config("request.method == 'GET'", upstream))) {
            ReloadResult refused = gateway.configure(config("request.methd == 'GET'", upstream));

            assertThat(refused.toString() + gateway.log())
                    .contains("column 1: undeclared reference to 'request.methd'");
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> delete(TestGateway gateway, String system) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/orders/1"))
                .method("DELETE", BodyPublishers.noBody())
                .header("x-system", system)
                .build());
    }

    private static String config(String condition, TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{authorize: {allow: ["%s"]}}], upstream: "%s"}
            """.formatted(condition, upstream.address());
    }
}
