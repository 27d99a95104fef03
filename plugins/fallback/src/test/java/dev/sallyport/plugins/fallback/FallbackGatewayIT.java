package dev.sallyport.plugins.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class FallbackGatewayIT {

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            assertThat(gateway.get("/recommendations/7").body()).isEqualTo("GET /recommendations/7");

            upstream.answers(500, "a stack trace");
            HttpResponse<String> instead = gateway.get("/recommendations/7");
            upstream.answers(404, "no such thing");
            HttpResponse<String> missing = gateway.get("/recommendations/7");

            assertThat(instead.statusCode()).isEqualTo(200);
            assertThat(instead.body()).isEqualTo("{\"items\":[]}");
            assertThat(instead.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(missing.body()).isEqualTo("There is nothing here.");

            stop(upstream);
            assertThat(gateway.get("/recommendations/7").body()).isEqualTo("{\"items\":[]}");
        }
    }

    private static void stop(TestUpstream upstream) {
        upstream.close();
    }

    @Test
    void answersWhereTheUpstreamTakesTooLong() {
        CountDownLatch over = new CountDownLatch(1);
        try (TestUpstream upstream = TestUpstream.start().answers(request -> {
                    over.await();
                    return new Answered(200, "", Map.of());
                });
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start("""
                            routes:
                              - name: byFirstByte
                                match: {paths: [/one]}
                                plugins: [{fallback: {rules: {failures: [timeout], answer: {body: instead}}}}]
                                upstream: "%s"
                                timeouts: {firstByte: 100ms}
                              - name: byTotal
                                match: {paths: [/two]}
                                plugins: [{fallback: {rules: {failures: [timeout], answer: {body: instead}}}}]
                                upstream: "%s"
                                timeouts: {total: 100ms}
                            """.formatted(upstream.address(), upstream.address()))) {
            HttpResponse<String> one = gateway.get("/one");
            HttpResponse<String> two = gateway.get("/two");
            over.countDown();

            assertThat(one.body()).isEqualTo("instead");
            assertThat(two.body()).isEqualTo("instead");
        }
    }
}
