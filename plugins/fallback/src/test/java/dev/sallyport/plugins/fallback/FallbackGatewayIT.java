package dev.sallyport.plugins.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.http.HttpResponse;
import java.nio.file.Path;
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

    @Test
    void anotherUpstreamAnswersWithItsOwnStepsAndHost() {
        try (TestUpstream upstream = TestUpstream.start().answers(500, "broken");
                TestUpstream other = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .and(TestGateway.builtJar(Path.of("../circuit-breaker")))
                        .and(TestGateway.builtJar(Path.of("../headers")))
                        .start(twoUpstreams(upstream, other, "other"))) {
            HttpResponse<String> response = gateway.get("/orders/7", "x-marked", "by a stranger");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("GET /orders/7");
            assertThat(other.requests()).singleElement().satisfies(request -> {
                assertThat(request.header("host")).hasValue("other.internal");
                assertThat(request.header("x-marked")).hasValue("of the other");
            });

            for (int call = 0; call < 4; call++) {
                gateway.get("/orders/7");
            }
            assertThat(upstream.requests())
                    .as("calls before its circuit opened")
                    .hasSize(2);
            assertThat(other.requests()).hasSize(5);
        }
    }

    private static String twoUpstreams(TestUpstream upstream, TestUpstream other, String name) {
        return """
            trace: {sample: 100%%}
            upstreams:
              orders: {targets: ["%s"]}
              other:
                targets: ["%s"]
                host: other.internal
                plugins: [{headers: {request: {set: {x-marked: of the other}}}}]
            routes:
              - name: orders
                match: {paths: [/orders/**]}
                plugins:
                  - fallback:
                      rules:
                        - {statuses: [5xx], problems: [circuit-open], failures: [connect], upstream: %s}
                  - circuit-breaker: {window: 2, openFor: 1h}
                upstream: orders
            """.formatted(upstream.address(), other.address(), name);
    }

    @Test
    void anUpstreamThatIsNoneIsRefusedAndOneThatIsNamedIsInUse() {
        try (TestUpstream upstream = TestUpstream.start();
                TestUpstream other = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .and(TestGateway.builtJar(Path.of("../circuit-breaker")))
                        .and(TestGateway.builtJar(Path.of("../headers")))
                        .start(twoUpstreams(upstream, other, "other"))) {
            ReloadResult misspelt = gateway.configure(twoUpstreams(upstream, other, "othr"));
            String explained = gateway.explain("""
                {"url": "/orders/7"}\
                """);

            assertThat(misspelt.applied()).isFalse();
            assertThat(misspelt.toString())
                    .contains("routes[0].plugins[0].fallback.rules[0].upstream: othr", "did you mean other?");
            assertThat(misspelt.toString()).doesNotContain("other is not used");
            assertThat(explained)
                    .contains("\"otherUpstreams\":[{\"name\":\"other\"", "also by what upstream other says");
        }
    }

    @Test
    void aTraceShowsBothTries() {
        try (TestUpstream upstream = TestUpstream.start().answers(500, "broken");
                TestUpstream other = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .and(TestGateway.builtJar(Path.of("../circuit-breaker")))
                        .and(TestGateway.builtJar(Path.of("../headers")))
                        .start(twoUpstreams(upstream, other, "other"))) {
            gateway.get("/orders/7");
            gateway.await("the trace", () -> gateway.traces().contains("upstream other in the place of 500"));

            assertThat(gateway.traces())
                    .contains(upstream.address().toString(), other.address().toString(), "\"id\":\"headers\"");
        }
    }
}
