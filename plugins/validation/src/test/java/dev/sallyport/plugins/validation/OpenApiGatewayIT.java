package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OpenApiGatewayIT {

    private static final String DOCUMENT = """
        openapi: 3.1.0
        info: {title: shop, version: "1"}
        servers: [{url: /v1}]
        paths:
          /orders/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
            get:
              parameters: [{name: expand, in: query, schema: {enum: [lines]}}]
              responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}, example: {amount: 7}}}}}
            put:
              requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
              responses: {"200": {description: done}}
        components:
          schemas: {Order: {type: object, required: [amount], properties: {amount: {type: integer}}}}
        """;

    @Test
    void servesTheExamplesOfItsPage() {
        String example = MarkdownPage.examples().get(1);
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .file("shop.yaml", DOCUMENT)
                        .start(example.replace(
                                "http://127.0.0.1:9001", upstream.address().toString()))) {
            upstream.answers(
                    request -> new Answered(200, "{\"amount\": 1}", Map.of("content-type", "application/json")));
            HttpResponse<String> refused = gateway.get("/v1/orders/x?expand=all");

            assertThat(gateway.get("/v1/orders/1?expand=lines").statusCode()).isEqualTo(200);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("{\"in\":\"path\",\"name\":\"id\",\"pointer\":\"\",\"keyword\":\"type\"")
                    .contains("{\"in\":\"query\",\"name\":\"expand\",\"pointer\":\"\",\"keyword\":\"enum\"");
            assertThat(put(gateway, "{\"amount\": \"x\"}").body())
                    .contains("{\"in\":\"body\",\"pointer\":\"/amount\",\"keyword\":\"type\"");
            assertThat(put(gateway, "{\"amount\": 1}").statusCode()).isEqualTo(200);
            assertThat(upstream.last().body()).isEqualTo("{\"amount\": 1}");
            assertThat(gateway.get("/v1/other").statusCode()).isEqualTo(404);
            assertThat(gateway.metrics()).contains("sallyport_openapi_invalid_total");
            assertThat(gateway.steps()).contains("\"operations\"");
        }
    }

    @Test
    void holdsBackResponsesAndReportsThem() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .file("shop.yaml", DOCUMENT)
                        .start("""
                            routes:
                              - name: reported
                                match: {headers: {x-only: report}}
                                plugins: [{openapi: {document: shop.yaml, responses: report}}]
                                upstream: "%1$s"
                              - name: enforced
                                plugins: [{openapi: {document: shop.yaml, responses: enforce}}]
                                upstream: "%1$s"
                            """.formatted(upstream.address()))) {
            upstream.answers(request ->
                    new Answered(200, "{\"amount\": \"SECRET\"}", Map.of("content-type", "application/json")));

            assertThat(gateway.get("/v1/orders/1").statusCode()).isEqualTo(502);
            assertThat(gateway.get("/v1/orders/1").body())
                    .contains("urn:sallyport:problem:response-invalid")
                    .doesNotContain("SECRET");
            assertThat(gateway.get("/v1/orders/1", "x-only", "report").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void mocksAnUpstreamThatIsNotThere() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .file("shop.yaml", DOCUMENT)
                .start("routes: [{name: mocks, plugins: [{openapi: {document: shop.yaml, mocks: true}}]}]")) {
            assertThat(gateway.get("/v1/orders/1").body()).isEqualTo("{\"amount\":7}");
            assertThat(gateway.get("/v1/orders/x").statusCode()).isEqualTo(400);
            assertThat(gateway.get("/v1/orders/1", "prefer", "code=500").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void takesAChangedDocumentWithoutAReload() throws IOException {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .file("shop.yaml", DOCUMENT)
                        .start("routes: [{name: all, plugins: [{openapi: {document: shop.yaml}}], upstream: \""
                                + upstream.address() + "\"}]")) {
            assertThat(gateway.get("/v2/orders/1").statusCode()).isEqualTo(404);

            Files.writeString(gateway.home().resolve("shop.yaml"), DOCUMENT.replace("/v1", "/v2"));

            gateway.await("the new document", () -> gateway.get("/v2/orders/1").statusCode() == 200);
        }
    }

    private static HttpResponse<String> put(TestGateway gateway, String body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/v1/orders/1"))
                .header("content-type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build());
    }
}
