package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Protobuf, wire, Kotlin and Gson go with the plugin. */
final class GrpcJsonLeakIT extends PluginLeakTest {

    private static GrpcServer server;

    @BeforeAll
    static void startServer() {
        server = GrpcServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            upstreams: {shop: {targets: ["%1$s"], protocol: h2}}
            routes:
              - name: compiled
                match: {paths: [/v1/**]}
                plugins: [{grpc-json: {from: {protos: {files: [shop/v1/orders.proto], roots: ["%2$s"]}}}}]
                upstream: shop
              - name: reflected
                plugins: [{grpc-json: {from: {reflection: {}}, basePath: /api}}]
                upstream: shop
            """.formatted(server.address(), Path.of("src/test/resources").toAbsolutePath());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        for (String base : new String[] {"", "/api"}) {
            assertThat(gateway.get(base + "/v1/customers/1/orders/2").statusCode())
                    .isEqualTo(200);
            assertThat(gateway.get(base + "/v1/customers/1/orders/0").statusCode())
                    .isEqualTo(429);
            assertThat(gateway.get(base + "/v1/customers/1/orders?pageSize=x").statusCode())
                    .isEqualTo(400);
            assertThat(gateway.get(base + "/v1/customers/1/orders?pageSize=10").statusCode())
                    .isEqualTo(200);
        }
    }
}
