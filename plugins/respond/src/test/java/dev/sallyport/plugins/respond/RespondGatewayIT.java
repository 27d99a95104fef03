package dev.sallyport.plugins.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class RespondGatewayIT {

    @Test
    void servesTheExampleOfItsPage() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .start(MarkdownPage.examples().getFirst())) {
            HttpResponse<String> response = gateway.get("/shop/cart");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("retry-after")).hasValue("3600");
            assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(response.body()).isEqualTo("{\"message\":\"back at noon\"}");
        }
    }

    @Test
    void doesNotReachTheUpstreamAndAnswersHeadWithoutABody() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            routes: [{name: all, plugins: [{respond: {body: héllo}}], upstream: "%s"}]
                            """.formatted(upstream.address()))) {
            HttpResponse<String> got = gateway.send(HttpRequest.newBuilder(gateway.address())
                    .POST(HttpRequest.BodyPublishers.ofString("a body that nobody reads"))
                    .build());
            HttpResponse<String> head = gateway.send(
                    HttpRequest.newBuilder(gateway.address()).HEAD().build());

            assertThat(got.body()).isEqualTo("héllo");
            assertThat(got.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("content-length")).hasValue("6");
            assertThat(head.body()).isEmpty();
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void answersAnewWhenItsSettingsChange() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config("one"))) {
            ReloadResult unchanged = gateway.configure(config("one"));
            ReloadResult changed = gateway.configure(config("two"));

            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(changed.created()).isEqualTo(1);
            assertThat(gateway.get("/").body()).isEqualTo("two");
        }
    }

    private static String config(String body) {
        return "routes: [{name: all, plugins: [{respond: {body: " + body + "}}]}]\n";
    }
}
