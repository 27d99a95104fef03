package dev.sallyport.plugins.basicauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BasicAuthGatewayIT {

    /** Its hash is that of the example. */
    private static final String PASSWORD = "correct horse";

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private String example(int index) {
        return MarkdownPage.examples()
                .get(index)
                .replace("http://127.0.0.1:9001", upstream.address().toString());
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example(0))) {
            HttpResponse<String> passed = gateway.get(
                    "/reports/1", "authorization", Logins.header("anna", PASSWORD), "x-consumer-name", "forged");
            HttpResponse<String> missing = gateway.get("/reports/1", "x-consumer-name", "forged");
            HttpResponse<String> wrong = gateway.get("/reports/1", "authorization", Logins.header("anna", "wrong"));

            assertThat(passed.statusCode()).isEqualTo(200);
            assertThat(upstream.requests()).hasSize(1);
            assertThat(upstream.last().headers().get("x-consumer-name")).containsExactly("anna");
            assertThat(upstream.last().headers()).doesNotContainKey("authorization");
            assertThat(missing.statusCode()).isEqualTo(401);
            assertThat(missing.headers().firstValue("WWW-Authenticate"))
                    .hasValue("Basic realm=\"reports\", charset=\"UTF-8\"");
            assertThat(missing.body()).contains("urn:sallyport:problem:login-missing");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.body()).contains("urn:sallyport:problem:login-invalid");
        }
    }

    @Test
    void servesTheExampleWithAFile() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .file("users.htpasswd", "ben:" + Logins.bcryptText("b", 10) + "\n")
                .start(example(1))) {
            assertThat(gateway.get("/reports/1", "authorization", Logins.header("ben", "b"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(upstream.last().header("x-consumer-name")).hasValue("ben");
        }
    }

    @Test
    void isMadeAnewWhenAConsumerThatItKnowsByNameChanges() {
        String users = "ben:" + Logins.bcryptText("b", 4) + "\n";
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .file("users.htpasswd", users)
                .start(example(1))) {
            ReloadResult unrelated = gateway.configure("consumers: [{name: anna}]\n" + example(1));
            ReloadResult known = gateway.configure("consumers: [{name: ben, groups: [staff]}]\n" + example(1));
            ReloadResult gone = gateway.configure(example(1));

            assertThat(unrelated.created()).isZero();
            assertThat(known.created()).isEqualTo(1);
            assertThat(gone.created()).isEqualTo(1);
        }
    }

    @Test
    void refusesAnAnonymousConsumerThatIsNotThere() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example(0))) {
            ReloadResult refused =
                    gateway.configure(example(0).replace("{realm: reports}", "{realm: reports, anonymous: guest}"));

            assertThat(refused.applied()).isFalse();
            assertThat(refused.problems().toString())
                    .contains("guest (expected: the name of a consumer); add it under consumers");
        }
    }
}
