package dev.sallyport.plugins.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class MaintenanceGatewayIT {

    private static String config(String settings, TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{maintenance: {%s}}], upstream: "%s"}
            """.formatted(settings, upstream.address());
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .file("maintenance.html", "<h1>Back at seven</h1>")
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace("${env:PREVIEW_KEY}", "letmein")
                                .replace("2027-03-01T05:00:00Z", "2024-03-01T05:00:00Z")
                                .replace("2027-03-01T07:00:00+01:00", "2099-03-01T07:00:00+01:00")
                                .replace("10.0.0.0/8", "203.0.113.9")
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            HttpResponse<String> refused = gateway.get("/shop/cart");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).isEqualTo("<h1>Back at seven</h1>");
            assertThat(refused.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
            assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                    .isPositive();
            assertThat(gateway.get("/shop/cart", "x-preview", "letmein").statusCode())
                    .isEqualTo(200);
            assertThat(upstream.last().header("x-preview")).isEmpty();
        }
    }

    @Test
    void isSwitchedByTheAdminApi() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config("on: false", upstream))) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);

            String told = gateway.tell("maintenance/all/maintenance", "on", null);

            assertThat(told).contains("maintenance is on");
            assertThat(gateway.get("/").statusCode()).isEqualTo(503);
            assertThat(gateway.steps()).contains("\"on\":true").contains("\"by\":\"command\"");

            ReloadResult unrelated =
                    gateway.configure(config("on: false", upstream) + """
                          - {name: other, match: {paths: [/other]}, upstream: "%s"}
                        """.formatted(upstream.address()));

            assertThat(unrelated.kept()).isEqualTo(1);
            assertThat(gateway.get("/").statusCode()).isEqualTo(503);
        }
    }
}
