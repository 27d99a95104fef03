package dev.sallyport.plugins.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import org.junit.jupiter.api.Test;

final class FaultGatewayIT {

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            assertThat(gateway.get("/orders/1").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/orders/1", "x-chaos", "monday").statusCode())
                    .isEqualTo(503);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void failsAttemptsAsAnUpstreamWould() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            upstreams:
                              back:
                                targets: ["%s"]
                                plugins:
                                  - fault: {abort: {failure: reset, share: 100%%}, only: {header: x-chaos}}
                            routes: [{name: all, upstream: back}]
                            """.formatted(upstream.address()))) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            assertThat(gateway.get("/", "x-chaos", "1").statusCode()).isEqualTo(502);
            assertThat(gateway.get("/", "x-chaos", "1").body()).contains("urn:sallyport:problem:upstream-failed");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void aDelayEndsAtTheDeadline() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            routes:
                              - name: all
                                plugins: [{fault: {delay: {time: 60s, share: 100%%}, only: {header: x-chaos}}}]
                                upstream: "%s"
                                timeouts: {total: 100ms}
                            """.formatted(upstream.address()))) {
            assertThat(gateway.get("/", "x-chaos", "1").statusCode()).isEqualTo(504);
        }
    }
}
