package dev.sallyport.plugins.jsontransform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JsonTransformGatewayIT {

    private TestUpstream upstream;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
        gateway = TestGateway.with(TestGateway.builtJar())
                .start(MarkdownPage.examples()
                        .getFirst()
                        .replace("http://127.0.0.1:9001", upstream.address().toString()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private void answers(String json) {
        upstream.answers(_ -> new Answered(200, json, Map.of("Content-Type", "application/json", "ETag", "\"a\"")));
    }

    private HttpResponse<String> post(BodyPublisher body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/orders/1"))
                .header("Content-Type", "application/json")
                .header("X-Tenant", "acme")
                .POST(body)
                .build());
    }

    private static BodyPublisher chunked(String body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void servesTheExampleOfItsPage() {
        answers("{\"debug\":1,\"items\":[{\"id\":1,\"cost\":2.50}],\"user_name\":\"z\",\"card\":{\"number\":4111}}");

        for (int i = 0; i < 2; i++) {
            String json = "{\"id\":1,\"price\":1.10,\"internal\":true}";
            HttpResponse<String> response = post(i == 0 ? BodyPublishers.ofString(json) : chunked(json));

            assertThat(upstream.last().body())
                    .isEqualTo("{\"id\":1,\"price\":1.10,\"tenant\":\"acme\",\"source\":\"gateway\"}");
            assertThat(response.body())
                    .isEqualTo("{\"items\":[{\"id\":1}],\"userName\":\"z\",\"card\":{\"number\":\"***\"}}");
            assertThat(response.headers().firstValue("etag")).hasValue("W/\"a\"");
            assertThat(response.headers().firstValue("content-length"))
                    .hasValue(Integer.toString(response.body().length()));
        }
    }

    @Test
    void answersBadJsonByAProblemWhetherItsLengthIsToldOrNot() {
        answers("{}");

        for (BodyPublisher body : new BodyPublisher[] {
            BodyPublishers.ofString("{\"a\":1,}"), chunked("{\"a\":1,}"), chunked("[" + "1,".repeat(500_000) + "?]")
        }) {
            HttpResponse<String> response = post(body);

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).contains("urn:sallyport:problem:json-invalid", "\"line\":1");
        }
        assertThat(post(BodyPublishers.ofString("{}")).statusCode()).isEqualTo(200);
    }

    @Test
    void answers502WhereAResponseIsBadAndBreaksOffWhereItBeganWell() {
        answers("{\"a\":1");
        HttpResponse<String> response = gateway.get("/orders/1");
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body()).contains("json-invalid");

        answers("[" + "1,".repeat(500_000) + "?]");
        assertThatThrownBy(() -> gateway.get("/orders/1")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void servesTheTemplateOfItsPage() {
        answers("{\"id\":12345678901234567890,\"items\":[{\"name\":\"a\",\"price\":1.5,\"count\":2},"
                + "{\"name\":\"b\",\"price\":9,\"count\":0}]}");
        try (TestGateway templates = TestGateway.with(TestGateway.builtJar())
                .start(MarkdownPage.examples()
                        .get(1)
                        .replace("http://127.0.0.1:9001", upstream.address().toString()))) {
            assertThat(templates.get("/totals/1").body())
                    .isEqualTo("{\"order\":12345678901234567890,\"total\":3,\"names\":\"a\"}");

            answers("{\"items\":[{\"price\":\"x\",\"count\":1}]}");
            HttpResponse<String> failed = templates.get("/totals/1");
            assertThat(failed.statusCode()).isEqualTo(502);
            assertThat(failed.body()).contains("transform-failed", "this document: T2001");
        }
    }

    @Test
    void explainsWhatItWouldDo() {
        assertThat(gateway.explain("{\"method\":\"GET\",\"url\":\"/orders/1\"}"))
                .contains("changes the response where it is JSON");
    }
}
