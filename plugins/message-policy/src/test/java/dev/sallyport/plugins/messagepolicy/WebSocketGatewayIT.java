package dev.sallyport.plugins.messagepolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets of a client and a server of others, through a real gateway. */
@Timeout(90)
final class WebSocketGatewayIT {

    private Echo echo;

    @BeforeEach
    void start() throws Exception {
        echo = new Echo();
    }

    @AfterEach
    void stop() throws Exception {
        echo.end();
    }

    private TestGateway gateway(String config) {
        return gateway(config, "");
    }

    private TestGateway gateway(String config, String script) {
        return TestGateway.with(TestGateway.builtJar())
                .script("hook.js", script)
                .start("""
                    routes:
                      - name: all
                        plugins: [{message-policy: %s}]
                        upstream: "%s"
                    """.formatted(config, echo.address()));
    }

    @Test
    void servesTheExampleOfItsPage() throws Exception {
        String example = MarkdownPage.examples().getFirst().replace("http://127.0.0.1:9001", echo.address());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example);
                Client client = new Client(gateway.address(), "/chat", "Origin", "https://shop.example.com")) {
            client.send("{\"say\":\"hello\"}");
            await().until(() -> client.texts.contains("{\"say\":\"hello\"}"));

            client.send("{\"say\":1}");

            assertThat(client.awaitClose()).isEqualTo("1008 /say breaks type");
            await().until(() -> echo.closed.contains(1008));
            assertThat(echo.received).containsExactly("{\"say\":\"hello\"}");
            assertThat(gateway.metrics())
                    .containsPattern(
                            "sallyport_message_policy_messages_total\\{from=\"client\",[^}]*verdict=\"schema\"[^}]*}"
                                    + " 1");
        }
    }

    @Test
    void passesTextsBytesPingsAndFragments() throws Exception {
        try (TestGateway gateway = gateway("{maxMessage: 1MiB}");
                Client client = new Client(gateway.address(), "/")) {
            client.socket.sendText("Grüße ", false).join();
            client.socket.sendPing(ByteBuffer.wrap(new byte[7])).join();
            client.socket.sendText("🌍", true).join();
            client.socket.sendBinary(ByteBuffer.wrap(new byte[300_000]), true).join();

            await().untilAsserted(() -> {
                assertThat(client.texts).containsExactly("Grüße 🌍");
                assertThat(client.binaries).containsExactly(300_000);
                assertThat(client.pongs).containsExactly("7");
            });

            client.socket.sendClose(4000, "bye").join();

            assertThat(client.awaitClose()).isEqualTo("4000 bye");
            await().until(() -> echo.closed.contains(4000));
        }
    }

    @Test
    void offersNoCompressionToTheUpstream() throws Exception {
        try (TestGateway gateway = gateway("{}");
                CompressingClient client = new CompressingClient(gateway.address())) {
            client.send("a".repeat(5000));

            await().until(() -> client.texts.contains("a".repeat(5000)));

            assertThat(echo.extensions).containsExactly("");
            assertThat(client.extensions).isEmpty();
        }
    }

    @Test
    void closesWith1009WhenAMessageIsTooLarge() throws Exception {
        try (TestGateway gateway = gateway("{maxMessage: 1KiB}");
                Client client = new Client(gateway.address(), "/")) {
            client.send("a".repeat(1024));
            client.send("b".repeat(1025));

            assertThat(client.awaitClose()).isEqualTo("1009 a message of more than 1024 bytes");
            await().until(() -> echo.closed.contains(1001));
            assertThat(echo.received).containsExactly("a".repeat(1024));
        }
    }

    @Test
    void closesWith1011WhenAMessageOfTheUpstreamIsTooLarge() throws Exception {
        try (TestGateway gateway = gateway("{maxMessage: 1KiB}");
                Client client = new Client(gateway.address(), "/")) {
            client.send("hello");
            await().until(() -> !client.texts.isEmpty());

            echo.say("x".repeat(2000));

            assertThat(client.awaitClose()).isEqualTo("1011 the upstream sent a message of more than 1024 bytes");
            await().until(() -> echo.closed.contains(1009));
        }
    }

    @Test
    void closesWith1008WhenMessagesComeTooFast() throws Exception {
        try (TestGateway gateway = gateway("{rate: 3/h}");
                Client client = new Client(gateway.address(), "/")) {
            for (int i = 0; i < 4; i++) {
                client.send("message " + i);
            }

            assertThat(client.awaitClose()).isEqualTo("1008 too many messages");
            await().untilAsserted(
                            () -> assertThat(echo.received).containsExactly("message 0", "message 1", "message 2"));
        }
    }

    @Test
    void dropsWhatComesTooFast() throws Exception {
        try (TestGateway gateway = gateway("{rate: 2/h, onBreach: drop}");
                Client client = new Client(gateway.address(), "/")) {
            for (int i = 0; i < 5; i++) {
                client.send("message " + i);
            }
            client.socket.sendClose(1000, "").join();

            client.awaitClose();
            assertThat(client.texts).containsExactly("message 0", "message 1");
        }
    }

    @Test
    void onlyCountsWhatItReports() throws Exception {
        try (TestGateway gateway = gateway("{kinds: [binary], onBreach: report}");
                Client client = new Client(gateway.address(), "/")) {
            client.send("text");

            await().until(() -> client.texts.contains("text"));
            assertThat(gateway.metrics()).containsPattern("verdict=\"kind\"[^}]*} 1");
        }
    }

    @Test
    void closesWith1003WhenAKindIsNotTaken() throws Exception {
        try (TestGateway gateway = gateway("{kinds: [text]}");
                Client client = new Client(gateway.address(), "/")) {
            client.socket.sendBinary(ByteBuffer.allocate(1), true).join();

            assertThat(client.awaitClose()).isEqualTo("1003 only text is taken");
        }
    }

    @Test
    void refusesAHandshakeFromAnotherOrigin() throws Exception {
        try (TestGateway gateway = gateway("{origins: ['https://*.example.com'], originRequired: true}")) {
            for (String origin : new String[] {"https://evil.example", "null", "https://example.com.evil.example"}) {
                assertThatThrownBy(() -> new Client(gateway.address(), "/", "Origin", origin))
                        .hasCauseInstanceOf(WebSocketHandshakeException.class)
                        .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause())
                                        .getResponse()
                                        .statusCode())
                                .isEqualTo(403));
            }
            assertThatThrownBy(() -> new Client(gateway.address(), "/"))
                    .hasCauseInstanceOf(WebSocketHandshakeException.class);
            new Client(gateway.address(), "/", "Origin", "https://a.example.com").close();
        }
    }

    @Test
    void aScriptChangesDropsAndCloses() throws Exception {
        try (TestGateway gateway = gateway("{script: hook.js, config: {from: a}, from: [client, upstream]}", """
            export default async function (request, next, { config }) {
              const message = await request.json();
              if (message.from === "upstream") return next(request);
              if (message.text === "drop") return Response.json(null);
              if (message.text === "bye") return Response.json({ close: { code: 4001, reason: "as you say" } });
              if (message.text === "bytes") return Response.json({ bytes: "AAEC" });
              return Response.json({ text: message.text + config.from });
            }
            """);
                Client client = new Client(gateway.address(), "/chat")) {
            client.send("drop");
            client.send("b");
            client.send("bytes");
            await().until(() -> client.texts.contains("ba") && client.binaries.contains(3));

            client.send("bye");

            assertThat(client.awaitClose()).isEqualTo("4001 as you say");
            assertThat(echo.received).containsExactly("ba");
        }
    }

    @Test
    void closesWith1011WhenAScriptFails() throws Exception {
        try (TestGateway gateway = gateway("{script: hook.js}", """
            export default async function (request) {
              const message = await request.json();
              return Response.json(message.text.length > 3 ? 17 : message);
            }
            """);
                Client client = new Client(gateway.address(), "/")) {
            client.send("abc");
            await().until(() -> client.texts.contains("abc"));

            client.send("abcd");

            assertThat(client.awaitClose()).isEqualTo("1011 ");
            assertThat(gateway.log()).anyMatch(line -> line.contains("could not be judged"));
        }
    }

    @Test
    void closesAConnectionThatIsSilent() throws Exception {
        try (TestGateway gateway = gateway("{idle: 1s}");
                Client client = new Client(gateway.address(), "/")) {
            assertThat(client.awaitClose()).isEqualTo("1001 idle");
            await().until(() -> echo.closed.contains(1001));
        }
    }

    @Test
    void closesAConnectionThatIsOld() throws Exception {
        try (TestGateway gateway = gateway("{maxAge: 1s}");
                Client client = new Client(gateway.address(), "/")) {
            assertThat(client.awaitClose()).isEqualTo("1001 open for too long");
            gateway.await("it to be counted", () -> gateway.steps().contains("\"open\":0"));
        }
    }

    @Test
    void twoStepsShareOneConnection() throws Exception {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - name: all
                plugins:
                  - message-policy: {maxMessage: 1KiB, kinds: [text]}
                  - message-policy: {maxMessage: 10KiB, rate: 2/h}
                upstream: "%s"
            """.formatted(echo.address()));
                Client client = new Client(gateway.address(), "/")) {
            client.send("a");
            client.send("b");
            await().until(() -> client.texts.size() == 2);

            client.send("c");

            assertThat(client.awaitClose()).isEqualTo("1008 too many messages");
        }
    }

    @Test
    void aMonitoredStepSeesTheHandshakeAlone() throws Exception {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - name: all
                plugins: [{message-policy: {origins: ["https://a.example"], rate: 1/h}, mode: monitor}]
                upstream: "%s"
            """.formatted(echo.address()));
                Client client = new Client(gateway.address(), "/", "Origin", "https://b.example")) {
            client.send("a");
            client.send("b");

            await().until(() -> client.texts.size() == 2);
        }
    }

    @Test
    void whatIsNoWebSocketIsNotTouched() throws Exception {
        try (TestGateway gateway = gateway("{}")) {
            assertThat(gateway.get("/").statusCode()).isNotEqualTo(500);
        }
    }

    @Test
    void aReloadThatTakesTheStepAwayLeavesTheConnectionItsRules() throws Exception {
        try (TestGateway gateway = gateway("{kinds: [text]}");
                Client client = new Client(gateway.address(), "/")) {
            gateway.configure("routes: [{name: all, upstream: \"%s\"}]".formatted(echo.address()));

            client.socket.sendBinary(ByteBuffer.allocate(1), true).get(20, TimeUnit.SECONDS);

            assertThat(client.awaitClose()).isEqualTo("1003 only text is taken");
        }
    }
}
