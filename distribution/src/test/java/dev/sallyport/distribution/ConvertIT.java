package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code convert openapi} prints is a configuration that checks, creates its steps and explains its routes. */
final class ConvertIT {

    private static final String DOCUMENT = """
        openapi: 3.1.0
        info: {title: Shop, version: "1"}
        servers: [{url: "http://127.0.0.1:9001/v1"}]
        paths:
          /orders/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
            get: {responses: {"200": {content: {application/json: {example: {id: 1}}}}}}
            put: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {}}
          /orders/{id}:cancel:
            parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
            post: {responses: {}}
          /reports/{name}.{format}:
            parameters: [{name: name, in: path, required: true}, {name: format, in: path, required: true}]
            get: {responses: {}}
          "/a b/é/{x}": {get: {responses: {}}}
        """;

    private static Path folder;

    @BeforeAll
    static void write() throws IOException {
        folder = Folders.temporary("convert");
        Files.writeString(folder.resolve("shop.yaml"), DOCUMENT);
    }

    @AfterAll
    static void delete() {
        Folders.delete(folder);
    }

    @Test
    void printsAConfigurationThatChecks() throws IOException {
        for (String option : new String[] {"--mock", ""}) {
            Command converted = option.isEmpty()
                    ? Command.sallyport(folder, "convert", "openapi", "shop.yaml")
                    : Command.sallyport(folder, "convert", "openapi", "shop.yaml", option);
            Files.writeString(
                    folder.resolve("gateway.yaml"), converted.succeeds().out());

            Command checked = Command.sallyport(folder, "check", "--deep", "gateway.yaml");

            assertThat(checked.status()).as(checked.out() + checked.err()).isZero();
        }
    }

    @Test
    void printsRoutesThatTakeWhatTheDocumentDescribes() throws IOException {
        Files.writeString(
                folder.resolve("mock.yaml"),
                Command.sallyport(folder, "convert", "openapi", "shop.yaml", "--mock")
                        .succeeds()
                        .out());

        assertThat(explained("GET", "/v1/orders/1")).contains("shop-orders-id").contains("200");
        assertThat(explained("GET", "/v1/orders/x")).contains("400");
        assertThat(explained("POST", "/v1/orders/1:cancel")).contains("shop-orders-id-cancel");
        assertThat(explained("GET", "/v1/reports/a.csv")).contains("shop-reports-name-format");
    }

    private static String explained(String method, String path) {
        return Command.sallyport(
                        folder, "explain", method, "http://127.0.0.1:8080" + path, "--deep", "--config", "mock.yaml")
                .out();
    }
}
