package dev.sallyport.plugins.bulkhead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class BulkheadGatewayIT {

    @Test
    void servesTheExampleOfItsPage() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace("concurrent: 20", "concurrent: 1")
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            upstream.answers(request -> {
                over.await();
                return new Answered(200, "well", Map.of());
            });
            Future<HttpResponse<String>> first = clients.submit(() -> gateway.get("/reports/1", "x-team", "a"));
            gateway.await("the first to be under way", () -> upstream.requests().size() == 1);

            HttpResponse<String> second = gateway.get("/reports/2", "x-team", "a");
            Future<HttpResponse<String>> other = clients.submit(() -> gateway.get("/reports/3", "x-team", "b"));
            gateway.await("the one of another team", () -> upstream.requests().size() == 2);
            over.countDown();

            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("retry-after")).hasValue("1");
            assertThat(second.body()).contains("urn:sallyport:problem:bulkhead-full");
            assertThat(first.get().statusCode()).isEqualTo(200);
            assertThat(other.get().statusCode()).isEqualTo(200);
            gateway.await("all places to be free", () -> gateway.steps().contains("\"underWay\":0"));
            assertThat(gateway.get("/reports/4", "x-team", "a").statusCode()).isEqualTo(200);
        }
    }
}
