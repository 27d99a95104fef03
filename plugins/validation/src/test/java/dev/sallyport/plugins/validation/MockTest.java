package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.validation.OpenApiConfig.Mode;
import dev.sallyport.plugins.validation.OpenApiConfig.Unknown;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MockTest {

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();
    private Filter filter;

    @BeforeEach
    void create() throws IOException {
        Path document = Files.writeString(folder.resolve("api.yaml"), """
            openapi: 3.1.0
            paths:
              /orders/{id}:
                parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
                get:
                  responses:
                    "404": {content: {application/problem+json: {example: {status: 404}}}}
                    "200":
                      headers: {x-rate: {example: 7, schema: {type: integer}}}
                      content:
                        application/json:
                          examples: {small: {value: {id: 1}}, large: {$ref: "#/components/examples/Large"}}
                        text/plain: {example: one order}
                put: {responses: {"201": {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}}
                delete: {responses: {"204": {description: gone}}}
            components:
              examples: {Large: {value: {id: 2}}}
              schemas:
                Order:
                  type: object
                  required: [id, at]
                  properties:
                    id: {type: integer, minimum: 10}
                    at: {type: string, format: date-time}
                    secret: {type: string, writeOnly: true}
                    state: {enum: [open, closed]}
                    next: {$ref: "#/components/schemas/Order"}
                    lines: {type: array, minItems: 2, items: {type: number}}
            """);
        filter = OpenApis.filter(
                context,
                new OpenApiConfig(
                        document,
                        null,
                        Mode.ENFORCE,
                        Mode.OFF,
                        Unknown.REFUSE,
                        Unknown.REFUSE,
                        Unknown.PASS,
                        true,
                        true,
                        new Size(1_000),
                        100,
                        20));
    }

    @AfterEach
    void closeContext() {
        context.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "a=b | */* | 200 | application/json | {\"id\":1}",
                "example=large | */* | 200 | application/json | {\"id\":2}",
                "example=\"large\" | application/json | 200 | application/json | {\"id\":2}",
                "example=none | */* | 404 | application/problem+json | no-example",
                "a=b | text/plain | 200 | text/plain | one order",
                "code=404 | */* | 404 | application/problem+json | {\"status\":404}",
                "code=500 | */* | 404 | application/problem+json | no-example"
            })
    void answersByExamples(String prefer, String accept, int status, String type, String body) throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = filter.handle(
                Requests.get("/orders/1")
                        .header("prefer", prefer)
                        .header("accept", accept)
                        .build(),
                next);

        assertThat(next.calls()).isZero();
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("content-type")).isEqualTo(type);
        assertThat(response.body().text(1_000)).contains(body);
    }

    @Test
    void setsHeadersByTheirExamples() throws Exception {
        assertThat(filter.handle(Requests.get("/orders/1").build(), FakeNext.ok())
                        .header("x-rate"))
                .isEqualTo("7");
    }

    @Test
    void makesUpWhatHasNoExample() throws Exception {
        Response response = filter.handle(Requests.of("PUT", "/orders/1").build(), FakeNext.ok());

        assertThat(response.status()).isEqualTo(201);
        assertThat(response.body().text(1_000))
                .startsWith("{\"id\":10,\"at\":\"2026-01-31T12:00:00Z\",\"state\":\"open\",\"next\":{")
                .endsWith("\"lines\":[1,1]}")
                .doesNotContain("secret");
    }

    @Test
    void answersWithoutABody() throws Exception {
        Response response = filter.handle(Requests.of("DELETE", "/orders/1").build(), FakeNext.ok());

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.body().isEmpty()).isTrue();
    }

    @Test
    void judgesTheRequestFirst() throws Exception {
        assertThat(filter.handle(Requests.get("/orders/x").build(), FakeNext.ok())
                        .status())
                .isEqualTo(400);
    }
}
