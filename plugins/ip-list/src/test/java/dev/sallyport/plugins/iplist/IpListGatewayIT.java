package dev.sallyport.plugins.iplist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class IpListGatewayIT {

    /** So that a test chooses the client's address. */
    private static final String LISTENER = """
        listeners:
          - {name: web, address: "127.0.0.1:0", trustedProxies: {cidrs: [127.0.0.0/8], header: x-forwarded-for}}
        """;

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(LISTENER
                                + MarkdownPage.examples()
                                        .getFirst()
                                        .replace(
                                                "http://127.0.0.1:9001",
                                                upstream.address().toString()))) {
            assertThat(from("10.1.2.3", gateway).statusCode()).isEqualTo(200);
            assertThat(from("2001:db8::1", gateway).statusCode()).isEqualTo(200);
            assertThat(upstream.requests()).hasSize(2);

            assertThat(from("10.9.1.1", gateway).statusCode()).isEqualTo(403);
            assertThat(from("192.0.2.1", gateway).statusCode()).isEqualTo(403);
            HttpResponse<String> refused = gateway.get("/intranet/a");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(refused.body())
                    .contains("urn:sallyport:problem:ip-denied")
                    .doesNotContain("10.9", "127.0.0.1");
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    private static HttpResponse<String> from(String client, TestGateway gateway) {
        return gateway.get("/intranet/a", "x-forwarded-for", client);
    }

    @Test
    void aStrangerCannotForgeAnAddress() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start(config("allow: [10.0.0.0/8]", upstream))) {
            assertThat(from("10.1.2.3", gateway).statusCode()).isEqualTo(403);
            assertThat(gateway.get("/", "forwarded", "for=10.1.2.3").statusCode())
                    .isEqualTo(403);
            assertThat(gateway.get("/", "x-real-ip", "10.1.2.3").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void keepsItsInstanceUntilItsListsChange() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start(config("allow: [127.0.0.1]", upstream))) {
            ReloadResult unchanged = gateway.configure(config("allow: [127.0.0.1]", upstream));
            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(unchanged.created()).isZero();
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);

            ReloadResult changed = gateway.configure(config("deny: [127.0.0.1]", upstream));
            assertThat(changed.created()).isEqualTo(1);
            assertThat(gateway.get("/").statusCode()).isEqualTo(403);
        }
    }

    private static String config(String settings, TestUpstream upstream) {
        return """
            routes:
              - {name: all, plugins: [{ip-list: {%s}}], upstream: "%s"}
            """.formatted(settings, upstream.address());
    }
}
