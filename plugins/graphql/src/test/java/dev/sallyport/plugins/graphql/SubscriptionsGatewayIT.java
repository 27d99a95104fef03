package dev.sallyport.plugins.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Subscriptions by graphql-transport-ws, and by event streams. */
@Timeout(60)
final class SubscriptionsGatewayIT {

    private Service service;

    @BeforeEach
    void start() throws Exception {
        service = new Service();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop(1000);
    }

    private TestGateway gateway() {
        return TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - name: all
                plugins: [{graphql: {maxDepth: 2, automatic: true, fields: [{field: secret, allow: 'consumer == "ada"'}]}}]
                upstream: "http://127.0.0.1:%d"
            """.formatted(service.getPort()));
    }

    @Test
    void judgesEachSubscription() throws Exception {
        try (TestGateway gateway = gateway();
                Client client = new Client(gateway.address(), "graphql-transport-ws")) {
            client.say("{\"type\":\"connection_init\"}");
            client.say("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription {ticks}\"}}");
            client.say("{\"id\":\"2\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription {a {b {c}}}\"}}");
            client.say("{\"id\":\"3\",\"type\":\"subscribe\",\"payload\":{\"query\":\"{secret}\"}}");
            client.say("{\"id\":\"1\",\"type\":\"complete\"}");

            await().until(() -> client.received.size() == 4);
            assertThat(client.received)
                    .contains("{\"type\":\"connection_ack\"}", "{\"id\":\"1\",\"type\":\"next\"}")
                    .anyMatch(text -> text.startsWith(
                            "{\"id\":\"2\",\"type\":\"error\",\"payload\":[{\"message\":\"deeper than 2\""))
                    .anyMatch(text -> text.contains("\"id\":\"3\"") && text.contains("FORBIDDEN"));
            await().until(() -> service.received.size() == 3);
        }
    }

    @Test
    void persistedQueriesAreResolved() throws Exception {
        String query = "subscription {ticks}";
        String extensions = "\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\""
                + PersistedQueries.hash(query) + "\"}}";
        try (TestGateway gateway = gateway();
                Client client = new Client(gateway.address(), "graphql-transport-ws")) {
            client.say("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"" + query + "\"," + extensions
                    + "}}");
            client.say("{\"id\":\"2\",\"type\":\"subscribe\",\"payload\":{" + extensions + "}}");

            await().until(() -> service.received.size() == 2);

            assertThat(service.received.getLast())
                    .isEqualTo("{\"id\":\"2\",\"type\":\"subscribe\",\"payload\":{\"query\":\"" + query + "\"}}");
        }
    }

    @Test
    void closesWith4400WhatIsNoMessageOfTheSubprotocol() throws Exception {
        for (String bad : List.of("{", "[]", "{\"type\":\"query\",\"id\":\"1\"}", "{\"type\":\"subscribe\"}")) {
            try (TestGateway gateway = gateway();
                    Client client = new Client(gateway.address(), "graphql-transport-ws")) {
                client.say(bad);

                assertThat(client.closed.get(20, TimeUnit.SECONDS)).as(bad).isEqualTo(4400);
            }
        }
        assertThat(service.received).isEmpty();
    }

    /** Two plugins, each with a class loader of its own, look into one connection: the guide's last configuration. */
    @Test
    void sharesAConnectionWithMessagePolicy() throws Exception {
        String yaml = MarkdownPage.read(Path.of("../../docs/guides/graphql.md"))
                .yaml()
                .getLast()
                .text()
                .replace("rate: 20/s", "rate: 3/h")
                .replace("127.0.0.1:9001", "127.0.0.1:" + service.getPort());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .and(TestGateway.builtJar(Path.of("../message-policy")))
                        .start(yaml);
                Client client = new Client(gateway.address(), "graphql-transport-ws")) {
            client.say("{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription {ticks}\"}}");
            client.say("{\"id\":\"2\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription {a {b {c {d"
                    + " {e}}}}}\"}}");
            await().until(() -> client.received.size() == 2);
            assertThat(client.received).anyMatch(text -> text.contains("deeper than 4"));

            client.say("{\"type\":\"ping\"}");
            client.say("{\"type\":\"ping\"}");

            assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1008);
        }
    }

    @Test
    void refusesOtherSubprotocols() {
        try (TestGateway gateway = gateway()) {
            assertThatThrownBy(() -> new Client(gateway.address(), "mqtt"))
                    .hasCauseInstanceOf(WebSocketHandshakeException.class)
                    .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause())
                                    .getResponse()
                                    .statusCode())
                            .isEqualTo(400));
        }
    }

    @Test
    void anEventStreamPassesThrough() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            routes: [{name: all, plugins: [{graphql: {}}], upstream: "%s"}]
                            """.formatted(upstream.address()))) {
            String events = "event: next\ndata: {\"data\":{\"ticks\":1}}\n\nevent: complete\ndata:\n\n";
            upstream.answers(_ -> new Answered(200, events, Map.of("Content-Type", "text/event-stream")));

            assertThat(gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/graphql"))
                                    .header("Content-Type", "application/json")
                                    .header("Accept", "text/event-stream")
                                    .POST(BodyPublishers.ofString("{\"query\":\"subscription {ticks}\"}"))
                                    .build())
                            .body())
                    .isEqualTo(events);
        }
    }

    /** The far end of the subprotocol, as far as these tests need it. */
    private static final class Service extends WebSocketServer {

        final List<String> received = new CopyOnWriteArrayList<>();
        private final CountDownLatch started = new CountDownLatch(1);

        Service() throws InterruptedException {
            super(
                    new InetSocketAddress("127.0.0.1", 0),
                    1,
                    List.of(new Draft_6455(List.of(), List.of(new Protocol("graphql-transport-ws")))));
            setReuseAddr(true);
            setDaemon(true);
            setConnectionLostTimeout(0);
            start();
            started.await();
        }

        @Override
        public void onMessage(org.java_websocket.WebSocket socket, String text) {
            received.add(text);
            JsonNode message = JsonMapper.shared().readTree(text);
            switch (message.path("type").asString()) {
                case "connection_init" -> socket.send("{\"type\":\"connection_ack\"}");
                case "subscribe" ->
                    socket.send("{\"id\":\"" + message.path("id").asString() + "\",\"type\":\"next\"}");
                default -> {
                    // nothing to say
                }
            }
        }

        @Override
        public void onOpen(org.java_websocket.WebSocket socket, ClientHandshake handshake) {}

        @Override
        public void onClose(org.java_websocket.WebSocket socket, int code, String reason, boolean remote) {}

        @Override
        public void onError(org.java_websocket.WebSocket socket, Exception failure) {}

        @Override
        public void onStart() {
            started.countDown();
        }
    }

    private static final class Client implements WebSocket.Listener, AutoCloseable {

        final List<String> received = new CopyOnWriteArrayList<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final HttpClient http = HttpClient.newHttpClient();
        private final WebSocket socket;

        Client(URI gateway, String subprotocol) throws Exception {
            socket = http.newWebSocketBuilder()
                    .subprotocols(subprotocol)
                    .buildAsync(URI.create("ws://" + gateway.getAuthority() + "/graphql"), this)
                    .get(20, TimeUnit.SECONDS);
        }

        void say(String text) {
            socket.sendText(text, true).join();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            received.add(data.toString());
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void close() {
            socket.abort();
            http.shutdownNow();
        }
    }
}
