package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessLogGatewayIT {

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private String example() {
        return MarkdownPage.examples().getFirst() + """
            routes:
              - {name: orders, match: {paths: [/orders/**]}, upstream: "%s"}
            """.formatted(upstream.address());
    }

    /** The lines of the file, once there are so many. */
    private static List<String> lines(TestGateway gateway, int count) {
        Path file = gateway.home().resolve("logs/access.log");
        gateway.await(count + " lines in " + file, () -> read(file).size() >= count);
        return read(file);
    }

    private static List<String> read(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            HttpResponse<String> response =
                    gateway.get("/orders/7?access_token=secret&a=b", "x-tenant", "blue", "authorization", "Bearer t");
            gateway.get("/none");

            List<String> lines = lines(gateway, 2);
            assertThat(lines).hasSize(2);
            assertThat(lines.getFirst())
                    .startsWith("{\"time\":\"")
                    .contains(
                            "\"requestId\":\""
                                    + response.headers()
                                            .firstValue("x-request-id")
                                            .orElseThrow()
                                    + "\"",
                            "\"client\":\"127.0.0.1\"",
                            "\"method\":\"GET\"",
                            "\"path\":\"/orders/7\"",
                            "\"query\":\"access_token=***&a=b\"",
                            "\"status\":200",
                            "\"outcome\":\"completed\"",
                            "\"route\":\"orders\"",
                            "\"target\":\"" + upstream.address() + "\"",
                            "\"headers\":{\"x-tenant\":\"blue\"}")
                    .doesNotContain("secret", "Bearer");
            assertThat(lines.get(1)).contains("\"path\":\"/none\"", "\"status\":404");
        }
    }

    @Test
    void writesErrorsAndASampleByATemplateAsThePageShows() {
        String config = MarkdownPage.examples().get(1).replace("sample: 1%", "sample: 0.001%")
                + """
                routes:
                  - {name: orders, match: {paths: [/orders/**]}, upstream: "%s"}
                  - name: broken
                    match: {paths: [/broken]}
                    plugins: [{respond: {status: 503}}]
                """.formatted(upstream.address());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .and(TestGateway.builtJar(Path.of("../respond")))
                .start(config)) {
            for (int i = 0; i < 20; i++) {
                gateway.get("/orders/" + i);
            }
            gateway.get("/broken?token=s3cret");

            assertThat(lines(gateway, 1))
                    .singleElement()
                    .asString()
                    .matches("127\\.0\\.0\\.1 - \"GET /broken\\?token=\\*\\*\\*\" 503 [0-9.]+ [0-9a-f-]{36}");
            gateway.await("a metric", () -> gateway.metrics().contains("sallyport_access_log_written_total{"));
        }
    }

    @Test
    void aServerOfSyslogThatIsAwayHoldsNoRequestUp() {
        String config = MarkdownPage.examples().get(2) + """
            routes:
              - {name: orders, match: {paths: [/orders/**]}, upstream: "%s"}
            """.formatted(upstream.address());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config)) {
            for (int i = 0; i < 20; i++) {
                assertThat(gateway.get("/orders/" + i).statusCode()).isEqualTo(200);
            }

            gateway.await(
                    "the warning",
                    () -> gateway.log().stream()
                            .anyMatch(each -> each.contains("syslog with TLS 127.0.0.1:6514: waits for it")));
        }
    }

    @Test
    void writesOnOverReloadsAndInAnotherFormatOnceAsked() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            gateway.get("/orders/1");

            ReloadResult unchanged = gateway.configure(example());

            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(unchanged.created()).isZero();
            gateway.get("/orders/2");

            ReloadResult changed = gateway.configure(example().replace("headers: [x-tenant]", "format: combined"));

            assertThat(changed.created()).isEqualTo(1);
            gateway.get("/orders/3", "user-agent", "test/1");
            List<String> lines = lines(gateway, 3);
            assertThat(lines.subList(0, 2)).allMatch(line -> line.startsWith("{"));
            assertThat(lines.get(2))
                    .startsWith("127.0.0.1 - - [")
                    .contains("] \"GET /orders/3 HTTP/1.1\" 200 ")
                    .endsWith(" \"-\" \"test/1\"");
        }
    }

    @Test
    void writesToANewFileOnceTheOldOneWasMovedAway() throws IOException {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            gateway.get("/orders/1");
            lines(gateway, 1);
            Path file = gateway.home().resolve("logs/access.log");
            Files.move(file, file.resolveSibling("access.log.1"));

            gateway.get("/orders/2");

            assertThat(lines(gateway, 1)).singleElement().asString().contains("/orders/2");
        }
    }

    @Test
    void writesWhatWaitsWhenTheGatewayStops(@TempDir Path folder) {
        Path file = folder.resolve("access.log");
        String config = example().replace("logs/access.log", file.toString());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config)) {
            for (int i = 0; i < 100; i++) {
                gateway.get("/orders/" + i);
            }
        }
        assertThat(read(file)).hasSize(100);
    }
}
