package dev.sallyport.plugins.acl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With callers that nobody has named; CallersIT of the distribution has the plugins that name them. */
final class AclGatewayIT {

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void refusesARequestOfNobody() {
        try (TestGateway gateway = start("{allow: {methods: [GET]}}")) {
            HttpResponse<String> response = gateway.get("/");

            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("urn:sallyport:problem:caller-unidentified");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void judgesARequestOfNobodyWhereAsked() {
        try (TestGateway gateway =
                start("{unidentified: judge, allow: [staff, {methods: [GET, POST]}], deny: [{methods: [POST]}]}")) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            assertThat(gateway.send(HttpRequest.newBuilder(gateway.address())
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build())
                            .statusCode())
                    .isEqualTo(403);
            assertThat(gateway.send(HttpRequest.newBuilder(gateway.address())
                                    .DELETE()
                                    .build())
                            .body())
                    .contains("urn:sallyport:problem:access-denied");
        }
    }

    @Test
    void explainsWhatItDoes() {
        try (TestGateway gateway = start("{allow: [staff]}")) {
            assertThat(gateway.explain("{\"method\": \"GET\", \"url\": \"/\"}"))
                    .contains("403", "Nobody has said who sends the request");
        }
    }

    private TestGateway start(String settings) {
        return TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - {name: all, plugins: [{acl: %s}], upstream: "%s"}
            """.formatted(settings, upstream.address()));
    }
}
