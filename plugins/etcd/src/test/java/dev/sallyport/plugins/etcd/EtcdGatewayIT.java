package dev.sallyport.plugins.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import org.junit.jupiter.api.Test;

/** The real kernel, the built jar, a real etcd. */
final class EtcdGatewayIT {

    static String config(EtcdServer etcd) {
        return """
            services:
              - {name: registry, etcd: {endpoints: ["%s"]}}
            upstreams:
              orders: {discover: {service: {from: registry, name: orders}}}
            routes: [{name: all, upstream: orders}]
            """.formatted(etcd.address());
    }

    static void register(EtcdServer etcd, TestUpstream upstream) throws Exception {
        etcd.put("/services/orders/" + upstream.address().getPort(), "{\"url\": \"" + upstream.address() + "\"}");
    }

    @Test
    void requestsFollowTheKeysAndSurviveTheEndOfEtcd() throws Exception {
        try (EtcdServer etcd = EtcdServer.start();
                TestUpstream one = TestUpstream.start();
                TestUpstream two = TestUpstream.start()) {
            register(etcd, one);
            try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config(etcd))) {
                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
                assertThat(one.requests()).hasSize(1);

                register(etcd, two);
                gateway.await(
                        "the new instance",
                        () -> gateway.get("/").statusCode() == 200
                                && !two.requests().isEmpty());
                etcd.delete("/services/orders/" + one.address().getPort());
                etcd.kill();
                gateway.await(
                        "etcd to be away",
                        () -> gateway.degraded().stream()
                                .anyMatch(line -> line.contains("service registry, orders is away since")));

                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
            }
        }
    }
}
