package dev.sallyport.plugins.clientcredentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientCredentialsGatewayIT {

    private TestUpstream upstream;
    private Provider provider;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
        provider = new Provider();
    }

    @AfterEach
    void stop() {
        provider.close();
        upstream.close();
    }

    private String example(int number) {
        return MarkdownPage.examples()
                .get(number)
                .replace("https://id.example.com/realms/shop", provider.issuer())
                .replace(
                        "https://id.example.com/oauth/token",
                        provider.endpoint().toString())
                .replace("${env:CLIENT_SECRET}", "s3cret")
                .replace("http://127.0.0.1:9001", upstream.address().toString());
    }

    /** As a step of the attempt, and as one of a route. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void servesTheExamplesOfItsPage(int number) {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example(number))) {
            HttpResponse<String> first = gateway.get("/orders/1", "authorization", "Bearer callers");
            HttpResponse<String> second = gateway.get("/orders/2");

            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(second.statusCode()).isEqualTo(200);
            assertThat(upstream.requests())
                    .allSatisfy(request ->
                            assertThat(request.headers().get("authorization")).containsExactly("Bearer token-1"));
            assertThat(provider.asked()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void passesOnThatTheUpstreamRefusesANewToken(int number) {
        upstream.answers(request -> new TestUpstream.Answered(401, "", Map.of()));
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example(number))) {
            assertThat(gateway.get("/orders/1").statusCode()).isEqualTo(401);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void answers503WhileThereIsNoToken() {
        provider.status = 500;
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example(0))) {
            HttpResponse<String> response = gateway.get("/orders/1");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("urn:sallyport:problem:identity-provider-unavailable");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void keepsItsTokenOverAReload() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example(1))) {
            gateway.get("/orders/1");

            ReloadResult unchanged = gateway.configure(example(1));

            assertThat(unchanged.kept()).isEqualTo(1);
            gateway.get("/orders/1");
            assertThat(provider.asked()).hasSize(1);
        }
    }
}
