package dev.sallyport.plugins.messagepolicy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EventStreamGatewayIT {

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private void streams(String events, String... fields) {
        upstream.answers(_ -> new Answered(
                200,
                events,
                fields.length == 0
                        ? Map.of("Content-Type", "text/event-stream; charset=utf-8")
                        : Map.of("Content-Type", "text/event-stream", fields[0], fields[1])));
    }

    private TestGateway gateway(String config) {
        return TestGateway.with(TestGateway.builtJar()).script("hook.js", """
            export default async function (request) {
              const message = await request.json();
              if (message.text === "drop") return Response.json(null);
              return Response.json({ ...message, text: message.text.toUpperCase() });
            }
            """).start("""
                routes:
                  - name: all
                    plugins: [{message-policy: %s}]
                    upstream: "%s"
                """.formatted(
                        config, upstream.address()));
    }

    @Test
    void changesAndDropsEvents() {
        streams(": hi\n\nevent: add\nid: 7\ndata: a\n\ndata: drop\n\ndata: b\n\n");
        try (TestGateway gateway = gateway("{from: [upstream], script: hook.js}")) {
            assertThat(gateway.get("/", "Accept", "text/event-stream", "Accept-Encoding", "gzip")
                            .body())
                    .isEqualTo(": hi\n\nevent: add\nid: 7\ndata: A\n\ndata: B\n\n");

            assertThat(upstream.last().header("accept-encoding")).isEmpty();
        }
    }

    @Test
    void endsAStreamAtAnEventThatBreaksTheSchema() {
        streams("data: 1\n\ndata: \"secret\"\n\ndata: 2\n\n");
        try (TestGateway gateway = gateway("{from: [upstream], schema: {type: integer}}")) {
            assertThat(gateway.get("/").body()).isEqualTo("data: 1\n\n");
        }
    }

    @Test
    void refusesAStreamThatItCannotRead() {
        streams("data: 1\n\n", "Content-Encoding", "br");
        try (TestGateway gateway = gateway("{}")) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(502);
            assertThat(gateway.get("/").body()).contains("messages-compressed", "(br)");
        }
    }

    @Test
    void leavesOtherBodiesAlone() {
        upstream.answers(200, "data: drop\n\n");
        try (TestGateway gateway = gateway("{from: [upstream], script: hook.js}")) {
            assertThat(gateway.get("/").body()).isEqualTo("data: drop\n\n");
        }
    }

    @Test
    void passesEachEventOnAtOnce() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        HttpServer slow = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        slow.setExecutor(task -> Thread.ofVirtual().start(task));
        slow.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
                seen.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.getResponseBody().write("data: 2\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        slow.start();
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start("""
                            routes: [{name: all, plugins: [{message-policy: {}}], upstream: "http://127.0.0.1:%d"}]
                            """.formatted(slow.getAddress().getPort()));
                Socket socket = new Socket(
                        gateway.address().getHost(), gateway.address().getPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));

            String line = in.readLine();
            while (!line.equals("data: 1")) {
                line = in.readLine();
            }
            seen.countDown();
            while (!line.equals("data: 2")) {
                line = in.readLine();
            }

            assertThat(line).isEqualTo("data: 2");
        } finally {
            slow.stop(0);
        }
    }
}
