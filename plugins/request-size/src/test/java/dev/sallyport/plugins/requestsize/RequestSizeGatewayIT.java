package dev.sallyport.plugins.requestsize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RequestSizeGatewayIT {

    private static String config(String settings, TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{request-size: %s}], upstream: "%s"}
            """.formatted(settings, upstream.address());
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            assertThat(post(gateway, "/orders", BodyPublishers.ofByteArray(new byte[65_536]))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(post(gateway, "/orders", BodyPublishers.ofByteArray(new byte[65_537]))
                            .statusCode())
                    .isEqualTo(413);
            assertThat(post(gateway, "/uploads/1", BodyPublishers.ofByteArray(new byte[65_537]))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesByTheLengthBeforeTheBodyIsSent() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config("1KiB", upstream))) {
            HttpResponse<String> refused = gateway.send(HttpRequest.newBuilder(gateway.address())
                    .expectContinue(true)
                    .timeout(Duration.ofSeconds(30))
                    .POST(BodyPublishers.ofByteArray(new byte[10_000]))
                    .build());

            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(refused.body()).contains("urn:sallyport:problem:body-too-large");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void answers413WhileABodyWithoutALengthStreams() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config("1KiB", upstream))) {
            HttpResponse<String> refused = post(gateway, "/", chunked(1_025));
            HttpResponse<String> passed = post(gateway, "/", chunked(1_024));

            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(refused.body()).contains("urn:sallyport:problem:body-too-large");
            assertThat(passed.statusCode()).isEqualTo(200);
            assertThat(upstream.last().body()).hasSize(1_024);
        }
    }

    @Test
    void wantsALengthWhereAsked() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(config("{max: 1KiB, lengthRequired: true}", upstream))) {
            assertThat(post(gateway, "/", chunked(10)).statusCode()).isEqualTo(411);
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> post(TestGateway gateway, String path, BodyPublisher body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve(path))
                .POST(body)
                .build());
    }

    private static BodyPublisher chunked(int bytes) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[bytes]));
    }
}
