package dev.sallyport.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConvertCommandTest {

    @TempDir
    Path folder;

    private record Ran(int status, String out, String err) {}

    @Test
    void writesRoutesAnUpstreamAndValidation() throws IOException {
        Ran ran = convert("shop.yaml", """
            openapi: 3.0.3
            info: {title: "Shop API", version: "1.0"}
            servers: [{url: "https://{region}.example.com/v1/", variables: {region: {default: eu}}}, {url: "https://test.example.com"}]
            security: [{key: []}]
            paths:
              /: {get: {}}
              /orders/{id}: {get: {}, put: {callbacks: {}}}
              /orders/{order}: {delete: {}}
              /reports/{name}.{format}: {get: {}}
              /orders-id: {get: {servers: [{url: "https://other.example.com"}]}}
              /files: {servers: [{url: "https://files.example.com"}], post: {}}
              x-note: text
            components: {securitySchemes: {key: {type: apiKey}}}
            """);

        assertThat(ran.status()).isZero();
        assertThat(ran.out().replace(folder.toString(), "")).isEqualTo("""
            # Made of /shop.yaml (Shop API 1.0) by sallyport convert openapi.
            version: 1
            listeners:
              - {name: web, address: "127.0.0.1:8080"}
            upstreams:
              shop-api:
                targets: ["https://eu.example.com"]
              shop-api-2:
                targets: ["https://files.example.com"]
            chains:
              shop-api:
                # One instance for all routes. Its settings: unknownParameters, responses, maxBody and others.
                - openapi: {document: "/shop.yaml"}
                  share: shop-api
            routes:
              # GET /
              - name: shop-api-root
                match: {paths: ["/v1/"], methods: [GET]}
                plugins: [{use: shop-api}]
                upstream: shop-api
              # GET, PUT, DELETE /orders/{id}
              - name: shop-api-orders-id
                match: {paths: ["/v1/orders/{id}"], methods: [GET, PUT, DELETE]}
                plugins: [{use: shop-api}]
                upstream: shop-api
              # GET /reports/{name}.{format}
              - name: shop-api-reports-name-format
                match: {paths: ["re:/v1/reports/[^/]+\\\\.[^/]+"], methods: [GET]}
                plugins: [{use: shop-api}]
                upstream: shop-api
              # GET /orders-id
              - name: shop-api-orders-id-2
                match: {paths: ["/v1/orders-id"], methods: [GET]}
                plugins: [{use: shop-api}]
                upstream: shop-api
              # POST /files
              - name: shop-api-files
                match: {paths: ["/files"], methods: [POST]}
                plugins: [{use: shop-api}]
                upstream: shop-api-2
            """);
        assertThat(ran.err())
                .contains("server https://test.example.com is not converted")
                .contains("/orders/{order}: the same paths as /orders/{id}")
                .contains("GET /orders-id: servers of one operation are not converted")
                .contains("PUT /orders/{id}: callbacks are not converted")
                .contains("security key (apiKey) is not enforced: put key-auth before openapi");
    }

    @Test
    void writesMocksWithoutAnUpstream() throws IOException {
        Ran ran = convert(
                "shop.json",
                "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"\"}, \"paths\": {\"/a\": {\"get\": {}}}}",
                "--mock");

        assertThat(ran.out())
                .contains("/shop.json\", mocks: true}")
                .contains("name: api-a")
                .doesNotContain("upstream");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void followsReferencesToFilesBesideTheDocument() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "get: {}\npost: {}\n");

        Ran ran = convert("shop.yaml", "openapi: 3.1.0\npaths: {/a: {$ref: a.yaml}}\n");

        assertThat(ran.out()).contains("methods: [GET, POST]");
        assertThat(ran.err()).contains("put the address of your upstream in the place of http://127.0.0.1:9001");
    }

    @Test
    void saysTheSameEachTime() throws IOException {
        String text = "openapi: 3.1.0\npaths: {/b: {get: {}}, /a: {get: {}}}\n";

        assertThat(convert("shop.yaml", text)).isEqualTo(convert("shop.yaml", text));
    }

    @Test
    void refusesOtherDocuments() throws IOException {
        Ran old = convert("old.json", "{\"swagger\": \"2.0\"}");
        Ran broken = convert("broken.yaml", "openapi: [");

        assertThat(old.status()).isEqualTo(1);
        assertThat(old.err()).contains("swagger: 2.0 (expected: OpenAPI 3.0 or 3.1)");
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.err()).contains("broken.yaml cannot be understood");
        assertThat(run("convert", "openapi", folder.resolve("none.yaml").toString())
                        .err())
                .contains("none.yaml is not there");
    }

    private Ran convert(String name, String text, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        String[] arguments = new String[options.length + 3];
        arguments[0] = "convert";
        arguments[1] = "openapi";
        arguments[2] = file.toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return run(arguments);
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Sallyport.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(status, out.toString(), err.toString());
    }
}
