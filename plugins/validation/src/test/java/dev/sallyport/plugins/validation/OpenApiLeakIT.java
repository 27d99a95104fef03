package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;

final class OpenApiLeakIT extends PluginLeakTest {

    @Override
    protected TestGateway.Builder gateway(Path jar) {
        return super.gateway(jar).file("api.yaml", """
            openapi: 3.0.0
            paths:
              /orders/{id}:
                post:
                  parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
                  requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
                  responses: {default: {description: any}}
            components:
              schemas: {Order: {properties: {at: {type: string, format: date-time, nullable: true}, next: {$ref: "#/components/schemas/Order"}}}}
            """);
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes: [{name: all, plugins: [{openapi: {document: api.yaml, responses: report}}], upstream: "%s"}]
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(post(gateway, "/orders/1", "{\"at\": \"2026-01-01T00:00:00Z\", \"next\": {\"at\": null}}"))
                .isEqualTo(200);
        assertThat(post(gateway, "/orders/x", "{\"at\": \"" + "b".repeat(20_000) + "\"}"))
                .isEqualTo(400);
        assertThat(post(gateway, "/other", "{}")).isEqualTo(404);
    }

    private static int post(TestGateway gateway, String path, String body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve(path))
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build())
                .statusCode();
    }
}
