package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * gRPC's own interoperability client calls gRPC's own interoperability server through the gateway: the standard cases (<a
 * href="https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md">their descriptions</a>). The cases client_compressed_unary and client_compressed_streaming are
 * left out: they ask their server to look for compressed bytes, and this one does not, with or without a gateway.
 */
final class GrpcInteropIT {

    private static final String PACKAGE = "io.grpc.testing.integration.";

    /** What gRPC's certificates for tests are made for. */
    private static final String NAME = "foo.test.google.fr";

    private static final String CASES = """
        empty_unary
        large_unary
        server_compressed_unary
        client_streaming
        server_streaming
        server_compressed_streaming
        ping_pong
        empty_stream
        custom_metadata
        status_code_and_message
        special_status_message
        unimplemented_method
        unimplemented_service
        cancel_after_begin
        cancel_after_first_response
        timeout_on_sleeping_server
        very_large_request
        """;

    private static Path folder;
    private static Process server;
    private static Process secureServer;
    private static Product product;

    @BeforeAll
    static void start() throws IOException {
        folder = Folders.temporary("grpc");
        unpackCertificates();
        int port = Ports.free();
        server = java("TestServiceServer", "--port=" + port, "--use_tls=false");
        int securePort = Ports.free();
        secureServer = java("TestServiceServer", "--port=" + securePort, "--use_tls=true");
        product = Product.with("""
            version: 1
            listeners:
              - {name: web, address: "127.0.0.1:0", protocols: [http1, h2c]}
              - {name: secure, address: "127.0.0.1:0", tls: {certificate: %1$s/server1.pem, key: %1$s/server1.key}}
            admin: {address: "127.0.0.1:0"}
            status: {address: "127.0.0.1:0"}
            upstreams:
              calls: {targets: ["http://127.0.0.1:%3$d"], protocol: h2}
              secure:
                targets: ["https://127.0.0.1:%4$d"]
                protocol: h2
                tls: {ca: %1$s/ca.pem, serverName: %2$s}
              nobody: {targets: ["http://127.0.0.1:%5$d"], protocol: h2}
            routes:
              - {name: calls, upstream: calls}
              - {name: secure, match: {hosts: [%2$s]}, upstream: secure}
              - name: away
                match: {hosts: [localhost]}
                upstream: nobody
            """.formatted(folder, NAME, port, securePort, Ports.free()))
                .start();
        Ports.awaitOpen(port);
        Ports.awaitOpen(securePort);
    }

    @AfterAll
    static void stop() {
        product.close();
        server.destroy();
        secureServer.destroy();
        Folders.delete(folder);
    }

    /** They come with gRPC's client, which trusts their authority. */
    private static void unpackCertificates() throws IOException {
        String jar = Arrays.stream(classPath().split(File.pathSeparator))
                .filter(one -> one.contains("grpc-testing-"))
                .findFirst()
                .orElseThrow();
        try (JarFile packed = new JarFile(jar)) {
            for (String name : List.of("ca.pem", "server1.pem", "server1.key")) {
                try (InputStream in = packed.getInputStream(packed.getEntry("certs/" + name))) {
                    Files.copy(in, folder.resolve(name));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = CASES)
    void passesTheCaseInClearText(String name) throws Exception {
        passes(name, client(name, "127.0.0.1", 0));
    }

    /** On both sides of the gateway. */
    @ParameterizedTest
    @CsvSource(textBlock = CASES)
    void passesTheCaseOverTls(String name) throws Exception {
        passes(
                name,
                run(
                        0,
                        "--server_host=127.0.0.1",
                        "--server_host_override=" + NAME,
                        "--server_port=" + product.addresses().get("secure").getPort(),
                        "--use_tls=true",
                        "--use_test_ca=true",
                        "--test_case=" + name));
    }

    private static void passes(String name, Output output) {
        assertThat(output.lines()).as(name).anyMatch(line -> line.contains("Test completed."));
    }

    @Test
    void tellsACallerOfGrpcThatNobodyIsThere() throws Exception {
        Output output = client("empty_unary", "localhost", 1);

        assertThat(output.lines()).anyMatch(line -> line.contains("UNAVAILABLE: Upstream failed"));
    }

    private static Output client(String name, String host, int exit) throws Exception {
        return run(
                exit,
                "--server_host=" + host,
                "--server_port=" + product.address().getPort(),
                "--use_tls=false",
                "--test_case=" + name);
    }

    private static Output run(int exit, String... arguments) throws Exception {
        Process process = java("TestServiceClient", arguments);
        try {
            Output output = Output.of(process);
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s has ended", process.info())
                    .isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", List.of(arguments), output.lines())
                    .isEqualTo(exit);
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process java(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                PACKAGE + program));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String classPath() throws IOException {
        return Files.readString(Repository.file(".build/grpc-interop/target/class-path.txt"))
                .strip();
    }
}
