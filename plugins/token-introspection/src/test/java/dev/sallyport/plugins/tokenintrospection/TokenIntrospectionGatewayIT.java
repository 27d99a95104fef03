package dev.sallyport.plugins.tokenintrospection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TokenIntrospectionGatewayIT {

    private TestUpstream upstream;
    private Provider provider;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
        provider = new Provider().says("good", answer("orders:read", "clerk"));
    }

    @AfterEach
    void stop() {
        provider.close();
        upstream.close();
    }

    /** What the example asks for, of the clock on the wall. */
    private static String answer(String scope, String role) {
        return "{\"active\": true, \"sub\": \"4711\", \"username\": \"alice\", \"aud\": \"orders\", \"exp\": "
                + (Instant.now().getEpochSecond() + 300) + ", \"scope\": \"" + scope
                + "\", \"realm_access\": {\"roles\": [\"" + role + "\", \"buyer\"]}}";
    }

    private String example(int number) {
        return MarkdownPage.examples()
                .get(number)
                .replace("https://id.example.com/realms/shop", provider.issuer())
                .replace(
                        "https://id.example.com/oauth2/introspect",
                        provider.endpoint().toString())
                .replace("${env:CLIENT_SECRET}", "s3cret")
                .replace("http://127.0.0.1:9001", upstream.address().toString());
    }

    private static HttpResponse<String> ask(TestGateway gateway, String token) {
        return gateway.get("/orders/1", "authorization", "Bearer " + token, "x-user", "forged");
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example(0))) {
            HttpResponse<String> passed = ask(gateway, "good");

            assertThat(passed.statusCode()).as(passed.body()).isEqualTo(200);
            assertThat(upstream.last().headers().get("x-user")).containsExactly("alice");
            assertThat(upstream.last().header("x-roles")).hasValue("clerk, buyer");
            assertThat(provider.asked()).hasSize(1);
            assertThat(gateway.metrics()).contains("sallyport_token_introspection_answers_total");
        }
    }

    @Test
    void refusesWhomTheProviderDoesNotKnowAndWhoMayNot() {
        provider.says("reader", answer("orders:list", "clerk")).says("guest", answer("orders:read", "guest"));
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example(0))) {
            assertThat(gateway.get("/orders/1").statusCode()).isEqualTo(401);
            assertThat(ask(gateway, "unknown").statusCode()).isEqualTo(401);
            assertThat(ask(gateway, "reader").statusCode()).isEqualTo(403);
            assertThat(ask(gateway, "guest").statusCode()).isEqualTo(403);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void servesOnWhileTheProviderIsDownWhereAllowed() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .start(example(1).replace("staleFor: 10m", "staleFor: 10m\n          ttl: 0s"))) {
            assertThat(ask(gateway, "good").statusCode()).isEqualTo(200);
            assertThat(provider.asked().getFirst().form()).containsEntry("client_secret", "s3cret");

            provider.close();

            assertThat(ask(gateway, "good").statusCode()).isEqualTo(200);
            HttpResponse<String> unknown = ask(gateway, "never-seen");
            assertThat(unknown.statusCode()).isEqualTo(503);
            assertThat(unknown.headers().firstValue("retry-after")).isPresent();
        }
    }

    @Test
    void keepsItsAnswersOverAReloadUntilTheSettingsChange() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example(0))) {
            assertThat(ask(gateway, "good").statusCode()).isEqualTo(200);

            ReloadResult unchanged = gateway.configure(example(0));

            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(ask(gateway, "good").statusCode()).isEqualTo(200);
            assertThat(provider.asked()).hasSize(1);

            ReloadResult changed = gateway.configure(example(0).replace("audience: orders", "audience: invoices"));

            assertThat(changed.created()).isEqualTo(1);
            assertThat(ask(gateway, "good").statusCode()).isEqualTo(401);
        }
    }
}
