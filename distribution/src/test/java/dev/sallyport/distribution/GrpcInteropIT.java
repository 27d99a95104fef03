package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * gRPC's own interoperability client calls gRPC's own interoperability server through the gateway: the standard cases (<a
 * href="https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md">their descriptions</a>). The cases client_compressed_unary and client_compressed_streaming are
 * left out: they ask their server to look for compressed bytes, and this one does not, with or without a gateway.
 */
final class GrpcInteropIT {

    private static final String PACKAGE = "io.grpc.testing.integration.";

    private static Process server;
    private static Product product;

    @BeforeAll
    static void start() throws IOException {
        int port = Ports.free();
        server = java("TestServiceServer", "--port=" + port, "--use_tls=false");
        product = Product.with("""
            version: 1
            listeners: [{name: web, address: "127.0.0.1:0", protocols: [http1, h2c]}]
            admin: {address: "127.0.0.1:0"}
            status: {address: "127.0.0.1:0"}
            upstreams:
              calls: {targets: ["http://127.0.0.1:%d"], protocol: h2}
              nobody: {targets: ["http://127.0.0.1:%d"], protocol: h2}
            routes:
              - {name: calls, upstream: calls}
              - name: away
                match: {hosts: [localhost]}
                upstream: nobody
            """.formatted(port, Ports.free())).start();
        Ports.awaitOpen(port);
    }

    @AfterAll
    static void stop() {
        product.close();
        server.destroy();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "empty_unary",
                "large_unary",
                "server_compressed_unary",
                "client_streaming",
                "server_streaming",
                "server_compressed_streaming",
                "ping_pong",
                "empty_stream",
                "custom_metadata",
                "status_code_and_message",
                "special_status_message",
                "unimplemented_method",
                "unimplemented_service",
                "cancel_after_begin",
                "cancel_after_first_response",
                "timeout_on_sleeping_server",
                "very_large_request"
            })
    void passesTheCase(String name) throws Exception {
        Output output = client(name, "127.0.0.1", 0);

        assertThat(output.lines()).as(name).anyMatch(line -> line.contains("Test completed."));
    }

    @Test
    void tellsACallerOfGrpcThatNobodyIsThere() throws Exception {
        Output output = client("empty_unary", "localhost", 1);

        assertThat(output.lines()).anyMatch(line -> line.contains("UNAVAILABLE: Upstream failed"));
    }

    private static Output client(String name, String host, int exit) throws Exception {
        Process process = java(
                "TestServiceClient",
                "--server_host=" + host,
                "--server_port=" + product.address().getPort(),
                "--use_tls=false",
                "--test_case=" + name);
        try {
            Output output = Output.of(process);
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s has ended", name)
                    .isTrue();
            assertThat(process.exitValue()).as("%s: %s", name, output.lines()).isEqualTo(exit);
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process java(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                Files.readString(Repository.file(".build/grpc-interop/target/class-path.txt"))
                        .strip()));
        command.add(PACKAGE + arguments[0]);
        command.addAll(List.of(arguments).subList(1, arguments.length));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
