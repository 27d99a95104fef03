package dev.sallyport.plugins.extauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class ExtAuthGatewayIT {

    @Test
    void servesTheExampleOfItsPage() throws Exception {
        try (AuthServer server = new AuthServer();
                TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(example(0, server, "http://127.0.0.1:4180", upstream))) {
            server.answers(401, "", "WWW-Authenticate", "Bearer");
            HttpResponse<String> refused = gateway.get("/a?b=c");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer");
            assertThat(upstream.requests()).isEmpty();
            assertThat(server.asked().getFirst().target()).isEqualTo("/oauth2/auth");
            assertThat(server.asked().getFirst().headers())
                    .containsEntry("x-forwarded-uri", "/a?b=c")
                    .containsEntry("x-forwarded-for", "127.0.0.1");

            server.answers(202, "", "X-Auth-Request-User", "anna");
            assertThat(gateway.get("/a", "x-auth-request-user", "forged", "x-auth-request-email", "forged")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(upstream.last().headers().get("x-auth-request-user")).containsExactly("anna");
            assertThat(upstream.last().header("x-auth-request-email")).isEmpty();
        }
    }

    @Test
    void servesTheExampleWithOpenPolicyAgent() throws Exception {
        try (AuthServer server = new AuthServer();
                TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(example(1, server, "http://127.0.0.1:8181", upstream))) {
            server.decides("{\"allow\": false, \"status\": 403, \"body\": {\"why\": \"too much\"}}");
            HttpResponse<String> refused = post(gateway, "{\"amount\":1000}");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("{\"why\":\"too much\"}");

            server.decides("{\"allow\": true}");
            assertThat(post(gateway, "{\"amount\":1}").statusCode()).isEqualTo(200);
            assertThat(upstream.last().body()).isEqualTo("{\"amount\":1}");
            assertThat(post(gateway, "x".repeat(70_000)).statusCode()).isEqualTo(413);
        }
    }

    private static HttpResponse<String> post(TestGateway gateway, String body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/payments"))
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private static String example(int index, AuthServer server, String written, TestUpstream upstream) {
        return MarkdownPage.examples()
                .get(index)
                .replace(written, server.address().toString())
                .replace("http://127.0.0.1:9001", upstream.address().toString());
    }
}
