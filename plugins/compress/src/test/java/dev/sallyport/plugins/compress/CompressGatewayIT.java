package dev.sallyport.plugins.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CompressGatewayIT {

    private static final String PAGE = "<p>hello</p>".repeat(1_000);

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
        upstream.answers(request -> new Answered(
                200, PAGE, Map.of("Content-Type", "text/html", "Cache-Control", "max-age=60", "ETag", "\"a\"")));
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static HttpResponse<byte[]> get(TestGateway gateway, String path, String coding)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(gateway.address().resolve(path))
                            .header("Accept-Encoding", coding)
                            .build(),
                    BodyHandlers.ofByteArray());
        }
    }

    @Test
    void servesTheExampleOfItsPage() throws Exception {
        String example = MarkdownPage.examples()
                .getFirst()
                .replace("http://127.0.0.1:9001", upstream.address().toString());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example)) {
            for (String coding : new String[] {"br", "gzip"}) {
                HttpResponse<byte[]> response = get(gateway, "/shop/1", coding);

                assertThat(response.headers().firstValue("content-encoding")).hasValue(coding);
                assertThat(Compression.decoded(coding, response.body()))
                        .asString()
                        .isEqualTo(PAGE);
            }
        }
    }

    @Test
    void worksInFrontOfACacheAndBehindIt() throws Exception {
        TestGateway.Builder builder =
                TestGateway.with(TestGateway.builtJar()).and(TestGateway.builtJar(Path.of("../cache")));
        try (TestGateway gateway = builder.start("""
            routes:
              - {name: front, match: {paths: [/front]}, plugins: [{compress: {}}, {cache: {}}], upstream: "%1$s"}
              - {name: behind, match: {paths: [/behind]}, plugins: [{cache: {}}, {compress: {}}], upstream: "%1$s"}
            """.formatted(upstream.address()))) {
            for (String path : new String[] {"/front", "/behind"}) {
                for (String coding : new String[] {"br", "gzip", "br", "gzip"}) {
                    HttpResponse<byte[]> response = get(gateway, path, coding);

                    assertThat(response.headers().firstValue("content-encoding"))
                            .hasValue(coding);
                    assertThat(Compression.decoded(coding, response.body()))
                            .asString()
                            .isEqualTo(PAGE);
                }
                assertThat(get(gateway, path, "identity").body()).asString().isEqualTo(PAGE);
            }
            long front = upstream.requests().stream()
                    .filter(request -> request.target().equals("/front"))
                    .count();
            long behind = upstream.requests().stream()
                    .filter(request -> request.target().equals("/behind"))
                    .count();
            assertThat(front).isOne();
            assertThat(behind).isEqualTo(3); // once for each coding, and once for none
        }
    }
}
