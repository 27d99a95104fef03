package dev.sallyport.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class RewriteGatewayIT {

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            assertThat(gateway.get("/api/orders/7?a=b").body()).isEqualTo("GET /orders/7?a=b");
            assertThat(gateway.get("/v2/items/3").body()).isEqualTo("GET /items/3?version=2");

            HttpResponse<String> moved = gateway.get("/shop/a%2Fb?c=d");
            assertThat(moved.statusCode()).isEqualTo(301);
            assertThat(moved.headers().firstValue("location")).hasValue("/products/a%2Fb?c=d");
            assertThat(upstream.requests()).hasSize(2);

            assertThat(gateway.get("/t/a?q=b&utm_x=1&c", "x-tenant", "Blue").body())
                    .isEqualTo("GET /blue/t/a?search=b&c&client=127.0.0.1");
        }
    }

    @Test
    void sendsTheHostOnWhereTheUpstreamWantsTheClients() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            upstreams: {back: {targets: ["%s"], host: client}}
                            routes: [{name: all, plugins: [{rewrite: {host: internal.example}}], upstream: back}]
                            """.formatted(upstream.address()))) {
            gateway.get("/");

            assertThat(upstream.last().header("host")).hasValue("internal.example");
        }
    }

    @Test
    void redirectsToAnotherHostAndScheme() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - name: all
                plugins: [{rewrite: {scheme: https, host: www.example.com, redirect: 308}}]
            """)) {
            HttpResponse<String> response = gateway.get("/a?b=c");

            assertThat(response.statusCode()).isEqualTo(308);
            assertThat(response.headers().firstValue("location")).hasValue("https://www.example.com/a?b=c");
        }
    }

    @Test
    void rewritesAnewWhenItsSettingsChange() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config("/one", upstream))) {
            ReloadResult unchanged = gateway.configure(config("/one", upstream));
            ReloadResult changed = gateway.configure(config("/two", upstream));

            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(changed.created()).isEqualTo(1);
            assertThat(gateway.get("/").body()).isEqualTo("GET /two");
        }
    }

    private static String config(String path, TestUpstream upstream) {
        return """
            routes: [{name: all, plugins: [{rewrite: {path: %s}}], upstream: "%s"}]
            """.formatted(path, upstream.address());
    }
}
