package dev.sallyport.plugins.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class GrpcWebLeakIT extends PluginLeakTest {

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
            upstreams: {calls: {targets: ["%s"], protocol: h2}}
            routes:
              - {name: all, plugins: [{grpc-web: {}}], upstream: calls}
            """.formatted(server.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/grpc.testing.TestService/EmptyCall"))
                                .header("Content-Type", "application/grpc-web-text")
                                .POST(BodyPublishers.ofString("AAAAAAA="))
                                .build())
                        .body())
                .startsWith("AAAAAAA=gAAAA");
    }
}
