package dev.sallyport.plugins.keyauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KeyAuthGatewayIT {

    /** Its hash is that of the example. */
    private static final String KEY = "test";

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    /** Without the step of another plugin, and with a day that does not come. */
    private String example() {
        return MarkdownPage.examples()
                .getFirst()
                .replace("      - rate-limit: {limit: 100/s, by: consumer}\n", "")
                .replaceFirst("expires: [0-9-]+", "expires: 9999-01-01")
                .replace("http://127.0.0.1:9001", upstream.address().toString());
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            HttpResponse<String> passed = gateway.get("/orders/1", "x-api-key", KEY, "x-consumer-name", "forged");

            assertThat(passed.statusCode()).isEqualTo(200);
            assertThat(upstream.last().headers().get("x-consumer-name")).containsExactly("mobile");
            assertThat(upstream.last().headers()).doesNotContainKey("x-api-key");
        }
    }

    @Test
    void answers401WithoutAKeyAndWithAWrongOne() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            HttpResponse<String> missing = gateway.get("/orders/1");
            HttpResponse<String> wrong = gateway.get("/orders/1", "x-api-key", "wrong");

            assertThat(missing.statusCode()).isEqualTo(401);
            assertThat(missing.headers().firstValue("WWW-Authenticate"))
                    .hasValue("ApiKey realm=\"api\", header=\"x-api-key\"");
            assertThat(missing.body()).contains("urn:sallyport:problem:api-key-missing");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.body())
                    .contains("urn:sallyport:problem:api-key-invalid")
                    .doesNotContain("wrong");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void answers401OnceAKeyHasExpired() {
        String expired = example().replace("9999-01-01", "2020-01-01");
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(expired)) {
            HttpResponse<String> response = gateway.get("/orders/1", "x-api-key", KEY);

            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.body()).contains("urn:sallyport:problem:api-key-expired");
        }
    }

    @Test
    void followsTheConsumersOfTheConfiguration() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            ReloadResult unchanged = gateway.configure(example());
            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(unchanged.created()).isZero();

            // the hash of "other"
            ReloadResult changed = gateway.configure(example()
                    .replace("name: mobile", "name: desktop")
                    .replaceFirst(
                            "sha256:[0-9a-f]+",
                            "sha256:d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"));

            assertThat(changed.created()).isEqualTo(1);
            assertThat(gateway.get("/orders/1", "x-api-key", KEY).statusCode()).isEqualTo(401);
            assertThat(gateway.get("/orders/1", "x-api-key", "other").statusCode())
                    .isEqualTo(200);
            assertThat(upstream.last().header("x-consumer-name")).hasValue("desktop");
        }
    }
}
