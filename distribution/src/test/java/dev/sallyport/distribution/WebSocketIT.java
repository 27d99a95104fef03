package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSockets through the gateway: the JDK's client at one end, Jetty's server at the other. */
final class WebSocketIT {

    private static Product product;
    private static WebSocketServer server;
    private WebSocketClient client;

    @BeforeAll
    static void start() {
        server = new WebSocketServer();
        product = Product.with(Product.web("""
            routes:
              - name: chat
                match: {paths: ["/chat/**"]}
                plugins: [{headers: {response: {set: {x-seen: chat}}}}]
                upstream: "%s"
              - name: closed
                match: {paths: [/closed]}
                plugins: [{ip-list: {deny: [127.0.0.1/32]}}]
                upstream: "%s"
            """.formatted(server.address(), server.address())))
                .start();
    }

    @AfterAll
    static void stop() {
        product.close();
        server.close();
    }

    @BeforeEach
    void connect() throws Exception {
        client = WebSocketClient.connect(product.address(), "/chat/room");
    }

    @AfterEach
    void everythingIsGoneAfterwards() {
        client.close();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(server.sessions()).isEmpty();
            assertThat(product.status().get("/metrics").body()).contains("\nsallyport_exchanges_in_flight 0.0\n");
        });
    }

    @Test
    void textAndBinaryGoBothWays() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(client.echo("häagen " + i)).isEqualTo("häagen " + i);
        }
        client.socket()
                .sendBinary(ByteBuffer.wrap(new byte[] {0, 1, (byte) 0x88, -1}), true)
                .get();
        assertThat(client.nextBinary()).containsExactly(0, 1, 0x88, -1);
        assertThat(client.echo("")).isEmpty();
    }

    @Test
    void fragmentsArriveAsOneMessage() throws Exception {
        client.socket().sendText("one, ", false).get();
        client.socket()
                .sendPing(ByteBuffer.wrap("between".getBytes(StandardCharsets.UTF_8)))
                .get();
        client.socket().sendText("two, ", false).get();
        client.socket().sendText("three", true).get();

        assertThat(client.nextText()).isEqualTo("one, two, three");
        assertThat(client.nextPong()).isEqualTo(ByteBuffer.wrap("between".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void largeMessagesGoBothWays() throws Exception {
        byte[] large = new byte[8 << 20];
        new Random(1).nextBytes(large);

        client.socket().sendBinary(ByteBuffer.wrap(large), true).get(60, TimeUnit.SECONDS);

        assertThat(client.nextBinary()).isEqualTo(large);
        assertThat(client.echo("x".repeat(1 << 20))).hasSize(1 << 20);
    }

    @Test
    void pingsOfEitherSideAreAnswered() throws Exception {
        ByteBuffer ping = ByteBuffer.wrap(new byte[] {7});
        client.socket().sendPing(ping.duplicate()).get();
        assertThat(client.nextPong()).isEqualTo(ping);

        int before = server.pongs();
        server.sessions().forEach(session -> session.sendPing(ping.duplicate(), Callback.NOOP));
        await().atMost(Duration.ofSeconds(30)).until(() -> server.pongs() > before);
    }

    @Test
    void theClientsCloseReachesTheServer() throws Exception {
        client.socket().sendClose(4001, "enough").get();

        assertThat(client.awaitEnd()).startsWith("4001");
        await().atMost(Duration.ofSeconds(30)).until(() -> server.closes().contains(4001));
    }

    @Test
    void theServersCloseReachesTheClient() throws Exception {
        assertThat(client.echo("x")).isEqualTo("x");
        server.sessions().forEach(session -> session.close(4002, "closing time", Callback.NOOP));

        assertThat(client.awaitEnd()).isEqualTo("4002 closing time");
    }

    @Test
    void theServerNoticesThatTheClientHasBrokenOff() throws Exception {
        assertThat(client.echo("x")).isEqualTo("x");
        client.close();

        await().atMost(Duration.ofSeconds(30)).until(() -> server.closes().contains(1006));
    }

    @Test
    void theClientNoticesThatTheServerHasBrokenOff() throws Exception {
        assertThat(client.echo("x")).isEqualTo("x");
        server.sessions().forEach(org.eclipse.jetty.websocket.api.Session::disconnect);

        assertThat(client.awaitEnd()).containsAnyOf("1006", "error");
    }

    @Test
    void stepsSeeTheHandshakeAndCanRefuseIt() {
        assertThatThrownBy(() -> WebSocketClient.connect(product.address(), "/closed"))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(403));
        try (RawConnection raw = new RawConnection(product.address())) {
            raw.send("GET /chat/raw HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(raw.readTo("\r\n\r\n"))
                    .startsWith("HTTP/1.1 101")
                    .contains("x-seen: chat")
                    .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }
    }
}
