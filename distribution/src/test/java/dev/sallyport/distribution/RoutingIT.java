package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests find their routes and their upstreams. The table of precedence cases is the kernel's; here is the wire. */
final class RoutingIT {

    private static EchoServer echo;
    private static FileServer files;
    private static Path folder;
    private static Product product;

    @BeforeAll
    static void start() throws Exception {
        echo = new EchoServer();
        folder = Folders.temporary("files");
        Files.writeString(folder.resolve("hello.txt"), "from a server not written here\n");
        files = FileServer.jdk(folder);
        product = Product.with(Product.web("""
            upstreams:
              echo: {targets: ["%1$s"], host: client}
            routes:
              - {name: one, match: {paths: ["/orders/{id}"]}, plugins: [{headers: {response: {set: {x-route: "{route}", x-id: "{path.id}"}}}}], upstream: echo}
              - {name: all, match: {paths: ["/orders/**"]}, plugins: [{headers: {response: {set: {x-route: "{route}"}}}}], upstream: echo}
              - {name: host, match: {hosts: [api.example.com], paths: ["/**"]}, plugins: [{headers: {response: {set: {x-route: "{route}"}}}}], upstream: echo}
              - {name: get-only, match: {paths: [/readonly], methods: [GET]}, upstream: echo}
              - {name: files, match: {paths: ["/files/**"]}, plugins: [{rewrite: {prefix: /files}}], upstream: "%2$s"}
              - {name: absent, match: {paths: [/absent]}, upstream: "http://127.0.0.1:%3$d"}
            """.formatted(echo.address(), files.address(), Ports.free())))
                .start();
    }

    @AfterAll
    static void stop() {
        product.close();
        files.close();
        echo.close();
        Folders.delete(folder);
    }

    @Test
    void prefersTheMoreSpecificPath() {
        assertThat(product.client().get("/orders/7").headers().firstValue("x-route"))
                .hasValue("one");
        assertThat(product.client().get("/orders/7").headers().firstValue("x-id"))
                .hasValue("7");
        assertThat(product.client().get("/orders/7/items").headers().firstValue("x-route"))
                .hasValue("all");
        assertThat(product.client().get("/orders").headers().firstValue("x-route"))
                .hasValue("all");
    }

    @Test
    void prefersTheExactHost() {
        HttpResponse<String> response = product.client().get("/orders/7", "Host", "api.example.com");
        assertThat(response.headers().firstValue("x-route")).hasValue("host");
        assertThat(response.body()).contains("host: api.example.com");
    }

    @Test
    void answersUnknownPathsWithAProblem() {
        HttpResponse<String> response = product.client().get("/nowhere");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(response.body()).contains("urn:sallyport:problem:no-route");
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void namesTheMethodsThatAPathTakes() {
        HttpResponse<String> response = product.client().post("/readonly", "x");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow").orElse("")).contains("GET");
    }

    @Test
    void answers502WhereNobodyListensAndServesOn() {
        HttpResponse<String> response = product.client().get("/absent");
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body())
                .contains("urn:sallyport:problem:upstream-failed")
                .doesNotContain("Exception");
        assertThat(product.client().status("/orders/7")).isEqualTo(200);
    }

    @Test
    void passesOnToTheJdksFileServer() {
        HttpResponse<String> response = product.client().get("/files/hello.txt");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("from a server not written here\n");
        assertThat(product.client().status("/files/not-there")).isEqualTo(404);
    }

    @Test
    void passesOnToNginx() {
        try (FileServer nginx = FileServer.nginx(folder);
                Product other = Product.with(
                                Product.web("routes: [{name: files, upstream: \"%s\"}]\n".formatted(nginx.address())))
                        .start()) {
            assertThat(other.client().get("/hello.txt").body()).isEqualTo("from a server not written here\n");
            assertThat(other.client().status("/not-there")).isEqualTo(404);
        }
    }

    @Test
    void speaksWithCurl() {
        String curl = Command.installed("curl");
        Command got =
                Command.run(curl, "-si", product.address() + "/orders/7?x=1").succeeds();
        assertThat(got.out()).startsWith("HTTP/1.1 200").contains("GET /orders/7?x=1");
        Command posted = Command.run(curl, "-s", "-d", "a=1", product.address() + "/orders")
                .succeeds();
        assertThat(posted.out()).contains("POST /orders").contains("3 bytes");
        Command head =
                Command.run(curl, "-sI", product.address() + "/files/hello.txt").succeeds();
        assertThat(head.out()).startsWith("HTTP/1.1 200");
        Command http2 = Command.run(curl, "-s", "--http2-prior-knowledge", product.address() + "/orders/7");
        assertThat(http2.succeeds().out()).contains("GET /orders/7");
    }

    @Test
    void loadToolsSeeNoError() {
        String h2load = Command.installed("h2load");
        Command load = Command.run(h2load, "--h1", "-n", "2000", "-c", "20", product.address() + "/orders/7");
        assertThat(load.succeeds().out()).contains("2000 succeeded, 0 failed");
    }
}
