package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonSchemaGatewayIT {

    private static final String SCHEMA = """
        {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "integer"}}}
        """;

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .file("schemas/order.json", SCHEMA)
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            HttpResponse<String> refused = post(gateway, "/orders", "{\"amount\": \"many\"}");

            assertThat(post(gateway, "/orders", "{\"amount\": 1}").statusCode()).isEqualTo(200);
            assertThat(upstream.last().body()).isEqualTo("{\"amount\": 1}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(refused.body())
                    .contains("urn:sallyport:problem:request-invalid")
                    .contains("{\"pointer\":\"/amount\",\"keyword\":\"type\",\"detail\":\"is string (expected:"
                            + " integer)\"}");
        }
    }

    @Test
    void passesALargeChunkedBodyOnByteForByte() {
        String body = "{\"amount\": 1, \"text\": \"" + "ä ".repeat(100_000) + "\"}\n";
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .file("order.json", SCHEMA)
                        .start(route("{file: order.json}", upstream))) {
            HttpResponse<String> passed = gateway.send(HttpRequest.newBuilder(gateway.address())
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                    .build());

            assertThat(passed.statusCode()).isEqualTo(200);
            assertThat(upstream.last().body()).isEqualTo(body);
        }
    }

    @Test
    void answers413And415And502() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .file("order.json", SCHEMA)
                        .start("""
                            routes:
                              - name: requests
                                match: {paths: [/in]}
                                plugins: [{json-schema: {file: order.json, maxBody: 20B}}]
                                upstream: "%1$s"
                              - name: responses
                                match: {paths: [/out]}
                                plugins: [{json-schema: {file: order.json, of: response}}]
                                upstream: "%1$s"
                            """.formatted(upstream.address()))) {
            upstream.answers(request ->
                    new Answered(200, "{\"amount\": \"SECRET\"}", Map.of("content-type", "application/json")));
            HttpResponse<String> large = post(gateway, "/in", "{\"amount\": 1, \"text\": \"too long\"}");
            HttpResponse<String> text =
                    gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/in"))
                            .POST(BodyPublishers.ofString("amount=1"))
                            .build());
            HttpResponse<String> withheld = gateway.get("/out");

            assertThat(large.statusCode()).isEqualTo(413);
            assertThat(text.statusCode()).isEqualTo(415);
            assertThat(withheld.statusCode()).isEqualTo(502);
            assertThat(withheld.body())
                    .contains("urn:sallyport:problem:response-invalid")
                    .doesNotContain("SECRET");
            assertThat(gateway.metrics()).contains("sallyport_json_schema_invalid_total");
        }
    }

    @Test
    void takesAChangedSchemaWithoutAReload() throws IOException {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .file("order.json", SCHEMA)
                        .start(route("{file: order.json}", upstream))) {
            assertThat(post(gateway, "/", "{}").statusCode()).isEqualTo(400);

            Files.writeString(gateway.home().resolve("order.json"), "{\"type\": \"object\"}");

            gateway.await("the new schema", () -> post(gateway, "/", "{}").statusCode() == 200);
        }
    }

    private static String route(String settings, TestUpstream upstream) {
        return "routes: [{name: all, plugins: [{json-schema: " + settings + "}], upstream: \"" + upstream.address()
                + "\"}]";
    }

    private static HttpResponse<String> post(TestGateway gateway, String path, String body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve(path))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }
}
