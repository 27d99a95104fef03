package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client whose stream goes wrong when its answer has begun: it is told so, and no target is blamed for it. */
final class BadMessagesIT {

    private GrpcServer server;
    private TestGateway gateway;

    @BeforeEach
    void start() {
        server = GrpcServer.start();
        int port = URI.create(server.address()).getPort();
        gateway = TestGateway.with(TestGateway.builtJar()).start("""
            upstreams:
              calls:
                targets: ["http://127.0.0.1:%d", "http://localhost:%d"]
                protocol: h2
                outliers: {consecutive: 1, maxEjected: "100%%"}
            routes: [{name: all, plugins: [{grpc-json: {from: {reflection: {}}}}], upstream: calls}]
            """.formatted(port, port));
        assertThat(gateway.get("/v1/customers/1/orders/2").statusCode()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.close();
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        out.write((Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Sends a message, awaits its answer, sends what is none, and gives the line that follows. */
    private String lineAfterABadMessage() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.address().getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /grpc.testing.TestService/FullDuplexCall HTTP/1.1\r\nHost: a\r\n"
                            + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            chunk(out, "{\"responseParameters\":[{\"size\":3}]}\n");
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String line = reader.readLine();
            while (line != null && !line.startsWith("{\"payload")) {
                line = reader.readLine();
            }
            chunk(out, "{\"nonsense\":}\n");
            line = reader.readLine();
            while (line != null && !line.startsWith("{")) {
                line = reader.readLine();
            }
            return String.valueOf(line);
        }
    }

    @Test
    void tellsTheClientAndEjectsNoTarget() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(lineAfterABadMessage()).startsWith("{\"error\":").contains("json-invalid");
        }

        for (int i = 0; i < 4; i++) {
            assertThat(gateway.get("/v1/customers/1/orders/2").statusCode()).isEqualTo(200);
        }
    }
}
