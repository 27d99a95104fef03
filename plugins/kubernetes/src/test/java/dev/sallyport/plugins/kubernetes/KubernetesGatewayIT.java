package dev.sallyport.plugins.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kernel and the built jar. */
final class KubernetesGatewayIT {

    static String config(ApiServer api) {
        return """
            services:
              - {name: cluster, kubernetes: {url: "%s"}}
            upstreams:
              orders: {discover: {service: {from: cluster, name: orders, port: http}}}
            routes: [{name: all, upstream: orders}]
            """.formatted(api.address());
    }

    static void put(ApiServer api, TestUpstream upstream) {
        api.put(
                "orders",
                "orders-a",
                List.of(Map.of("name", "http", "port", upstream.address().getPort())),
                List.of(Map.of("addresses", List.of("127.0.0.1"))));
    }

    @Test
    void requestsFollowThePodsAndSurviveTheApiServer() throws IOException {
        try (ApiServer api = ApiServer.start();
                TestUpstream one = TestUpstream.start();
                TestUpstream two = TestUpstream.start()) {
            put(api, one);
            try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config(api))) {
                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
                assertThat(one.requests()).hasSize(1);

                put(api, two);
                gateway.await(
                        "the new pod",
                        () -> gateway.get("/").statusCode() == 200
                                && !two.requests().isEmpty());
                api.end();
                gateway.await(
                        "the API server to be away",
                        () -> gateway.degraded().stream()
                                .anyMatch(line -> line.contains("service cluster, orders, port http is away since")));
                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void anApiServerThatIsNotTrustedIsNamed(@TempDir Path folder) throws Exception {
        TestAuthority ours = new TestAuthority(folder.resolve("ours"));
        ours.issue("api", "EC", "127.0.0.1");
        TestAuthority strangers = new TestAuthority(folder.resolve("strangers"));
        try (ApiServer api = ApiServer.start(ours.client("api"));
                TestUpstream upstream = TestUpstream.start()) {
            put(api, upstream);
            String config = config(api).replace(api.address() + "\"", api.address() + "\", ca: %s");
            try (TestGateway gateway =
                    TestGateway.with(TestGateway.builtJar()).start(config.formatted(strangers.file("ca.pem")))) {
                gateway.await(
                        "that it is named",
                        () -> gateway.degraded().stream()
                                .anyMatch(line -> line.contains("service cluster, orders, port http")
                                        && line.contains("unable to find valid certification path")));
                assertThat(gateway.get("/").statusCode()).isEqualTo(503);
            }
            try (TestGateway gateway =
                    TestGateway.with(TestGateway.builtJar()).start(config.formatted(ours.file("ca.pem")))) {
                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            }
        }
    }
}
