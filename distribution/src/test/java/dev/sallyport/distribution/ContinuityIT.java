package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.SocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http2.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is open stays open over changes, and ends cleanly where it has to. */
final class ContinuityIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASS = "return next.proceed(request).withHeader(\"x-version\", \"%s\");";

    /** Jetty's words for what a stream gets that ends before its time. */
    private static final String CUT_OFF = "reset " + ErrorCode.CANCEL_STREAM_ERROR.code;

    private WebSocketServer chat;
    private StreamServer streams;
    private Product product;

    @BeforeEach
    void start() {
        chat = new WebSocketServer();
        streams = new StreamServer();
        product = Product.with(config("drain: {afterSwap: 10m}"))
                .plugin(PluginJars.step("test/own", "1.0.0", PASS.formatted("1.0.0")))
                .plugin(PluginJars.step("test/other", "1.0.0", PASS.formatted("1.0.0")))
                .start();
    }

    @AfterEach
    void close() {
        product.close();
        streams.close();
        chat.close();
    }

    private String config(String drain) {
        return Product.web(drain + """

            upstreams:
              streams: {targets: ["%s"], maxConnections: 1000, timeouts: {firstByte: 10m, idle: 10m}}
            routes:
              - {name: chat, match: {paths: [/chat]}, plugins: [{test/own: {}}], upstream: "%s"}
              - {name: streams, match: {paths: [/events, /grpc, /silent]}, plugins: [{test/own: {}}], upstream: streams}
              - {name: other, match: {paths: [/other]}, plugins: [{test/other: {}}, {respond: {body: other}}]}
            """.formatted(streams.address(), chat.address()));
    }

    /** Replaces a plugin's jar by its next version, and sees that it serves. */
    private void swap(String type, int version) {
        String name = "1.0." + version;
        product.change(
                () -> product.drop(PluginJars.step(type, name, PASS.formatted(name)), "test-" + version + ".jar"));
    }

    private String version(String path) {
        HttpResponse<String> answer = product.client().get(path);
        return answer.headers().firstValue("x-version").orElse("status " + answer.statusCode());
    }

    /** What is open at once, each over one connection that is never renewed. */
    private final class Open implements AutoCloseable {

        private final List<WebSocketClient> sockets = new ArrayList<>();
        private final List<RawConnection> events = new ArrayList<>();
        private final List<H2cConnection.Answer> calls = new ArrayList<>();
        private final RawConnection kept = new RawConnection(product.address());
        private final H2cConnection http2;
        private final SocketAddress port;
        private int said;

        Open(int webSockets, int eventStreams, int http2Streams) throws Exception {
            http2 = new H2cConnection(product.address());
            port = http2.localAddress();
            for (int i = 0; i < webSockets; i++) {
                sockets.add(WebSocketClient.connect(product.address(), "/chat"));
            }
            for (int i = 0; i < eventStreams; i++) {
                RawConnection connection = new RawConnection(product.address());
                assertThat(connection.send(get("/events")).readTo("\r\n\r\n")).startsWith("HTTP/1.1 200");
                events.add(connection);
            }
            for (int i = 0; i < http2Streams; i++) {
                H2cConnection.Answer answer = http2.get("/grpc");
                assertThat(answer.status()).isEqualTo(200);
                calls.add(answer);
            }
            works();
        }

        private static String get(String path) {
            return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
        }

        /** Something goes through each of them, and the connections that are between two requests take another one. */
        void works() throws Exception {
            String word = "word " + said++;
            for (WebSocketClient socket : sockets) {
                socket.socket().sendText(word, true).get();
            }
            streams.tick(word);
            for (WebSocketClient socket : sockets) {
                assertThat(socket.nextText()).isEqualTo(word);
            }
            for (RawConnection connection : events) {
                assertThat(connection.readTo(word + "\n\n")).endsWith(word + "\n\n");
            }
            for (H2cConnection.Answer call : calls) {
                await().atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> call.text().endsWith("data: " + word + "\n\n"));
            }
            connectionsTakeAnotherRequest();
        }

        void connectionsTakeAnotherRequest() throws Exception {
            assertThat(kept.send(get("/other")).readTo("other")).startsWith("HTTP/1.1 200");
            H2cConnection.Answer answer = http2.get("/other");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.awaitEnd()).isEqualTo("end");
            assertThat(http2.localAddress()).isEqualTo(port);
        }

        /** All streams end as those do that are cut off; the connections that carry others do not. */
        void endCleanly(String reason) throws Exception {
            for (WebSocketClient socket : sockets) {
                assertThat(socket.awaitEnd()).isEqualTo("1001 " + reason);
            }
            await().atMost(PATIENCE).until(() -> chat.closes().size() == sockets.size());
            assertThat(chat.closes()).containsOnly(1001);
            for (RawConnection connection : events) {
                assertThat(connection.readAll()).doesNotContain("0\r\n\r\n");
            }
            for (H2cConnection.Answer call : calls) {
                assertThat(call.awaitEnd()).isEqualTo("end");
                assertThat(call.trailers().get("grpc-status")).isEqualTo("14");
            }
            await().atMost(PATIENCE).until(() -> {
                streams.tick("is anybody there?"); // the upstream notices only when it writes
                return streams.streams() == 0;
            });
        }

        @Override
        public void close() {
            sockets.forEach(WebSocketClient::close);
            events.forEach(RawConnection::close);
            kept.close();
            http2.close();
        }
    }

    /** Only one class loader of that plugin is left: those of the versions before it were unloaded and collected. */
    private void awaitOneLoader(String plugin) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Command.run(
                            System.getProperty("java.home") + "/bin/jcmd",
                            Long.toString(product.jvm().pid()),
                            "GC.run")
                    .succeeds();
            String metrics = product.status().get("/metrics").body();
            assertThat(metrics)
                    .contains("sallyport_plugin_loaders{plugin=\"" + plugin + "\",state=\"live\"} 1.0\n")
                    .contains("sallyport_plugin_loaders{plugin=\"" + plugin + "\",state=\"unreclaimed\"} 0.0\n");
        });
    }

    @Test
    void streamsOutliveSwapsAndEndCleanlyAtTheDrainLimitOfTheirOwnPlugin() throws Exception {
        outliveSwaps(10, 2, 2, 3);
    }

    @Test
    @Tag("proof")
    void aThousandWebSocketsAndAHundredStreamsOutliveFiftySwaps() throws Exception {
        outliveSwaps(1_000, 50, 50, 50);
    }

    private void outliveSwaps(int webSockets, int eventStreams, int http2Streams, int swaps) throws Exception {
        try (Open open = new Open(webSockets, eventStreams, http2Streams)) {
            for (int i = 1; i <= swaps; i++) {
                swap("test/other", i);
                assertThat(version("/other")).isEqualTo("1.0." + i);
                open.works();
            }
            awaitOneLoader("test-other"); // none of the streams keeps a plugin of another route

            for (int i = 1; i <= swaps; i++) {
                swap("test/own", swaps + i);
                open.works();
            }
            assertThat(chat.closes()).isEmpty();

            product.reconfigure(config("drain: {afterSwap: 1ms}"));
            open.endCleanly("what it runs through has changed");
            open.connectionsTakeAnotherRequest();
            awaitOneLoader("test-own");
        }
    }

    @Test
    void aStreamThatIsNoGrpcIsResetAtTheDrainLimitAndItsConnectionStays() throws Exception {
        try (H2cConnection http2 = new H2cConnection(product.address())) {
            H2cConnection.Answer events = http2.get("/events");
            assertThat(events.status()).isEqualTo(200);
            product.reconfigure(config("drain: {afterSwap: 1ms}"));
            swap("test/own", 1);

            assertThat(events.awaitEnd()).isEqualTo(CUT_OFF);
            assertThat(http2.isOpen()).isTrue();
            assertThat(http2.get("/other").status()).isEqualTo(200);
        }
    }

    @Test
    void whoWaitsForAHeadIsToldToComeBackAtTheDrainLimit() throws Exception {
        product.reconfigure(config("drain: {afterSwap: 1ms}"));
        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> product.client().get("/silent"));
        await().atMost(PATIENCE).until(() -> streams.streams() == 1);
        swap("test/other", 1);
        swap("test/own", 2);

        HttpResponse<String> answer = waiting.get();
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
        assertThat(answer.body()).contains("urn:sallyport:problem:ended-early");
    }

    @Test
    void whoWaitsIsNotDisturbedByASwapElsewhere() throws Exception {
        product.reconfigure(config("drain: {afterSwap: 1ms}"));
        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> product.client().get("/silent"));
        await().atMost(PATIENCE).until(() -> streams.streams() == 1);
        swap("test/other", 1);
        swap("test/other", 2);
        awaitOneLoaderIsLive("test-other");
        assertThat(waiting).isNotDone();

        streams.tick("now");

        assertThat(waiting.get().statusCode()).isEqualTo(200);
    }

    /** What waits in its chain keeps the routes of old in memory, so that their classes go only with it. */
    private void awaitOneLoaderIsLive(String plugin) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(product.status().get("/metrics").body())
                        .contains("sallyport_plugin_loaders{plugin=\"" + plugin + "\",state=\"live\"} 1.0\n"));
    }

    @Test
    void aStepThatDoesNotEndIsNamedAndNotWaitedFor() throws Exception {
        String deaf = """
            while (true) {
                try {
                    Thread.sleep(10);
                    if (System.nanoTime() == 42) {
                        return next.proceed(request);
                    }
                } catch (InterruptedException heardAndIgnored) {
                }
            }
            """;
        try (Product other = Product.with(Product.web("""
            drain: {afterSwap: 1ms}
            routes:
              - {name: deaf, match: {paths: [/deaf]}, plugins: [{test/deaf: {}}, {respond: {body: x}}]}
              - {name: good, match: {paths: [/good]}, plugins: [{respond: {body: good}}]}
            """))
                        .plugin(PluginJars.step("test/deaf", "1.0.0", deaf))
                        .start();
                RawConnection waiting = new RawConnection(other.address())) {
            waiting.send("GET /deaf HTTP/1.1\r\nHost: a\r\n\r\n");
            await().atMost(PATIENCE)
                    .until(() -> other.status().get("/metrics").body().contains("sallyport_exchanges_in_flight 1.0\n"));
            other.change(() -> other.drop(PluginJars.step("test/deaf", "1.0.1", "return next.proceed(request);")));

            String named = other.output().await("still runs; its steps are closed all the same");
            assertThat(named).contains("route deaf").contains("test/deaf");
            await().atMost(PATIENCE)
                    .until(() -> other.status()
                            .get("/metrics")
                            .body()
                            .contains("sallyport_plugin_loaders{plugin=\"test-deaf\",state=\"live\"} 1.0\n"));
            assertThat(other.client().status("/deaf")).isEqualTo(200);
            other.kill();
        }
    }

    @Test
    void atTheEndClientsAreToldInTheWayOfTheirProtocolAndRequestsComeToTheirEnd() throws Exception {
        try (RawConnection slow = new RawConnection(product.address());
                H2cConnection http2 = new H2cConnection(product.address());
                WebSocketClient socket = WebSocketClient.connect(product.address(), "/chat")) {
            slow.send("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n");
            H2cConnection.Answer call = http2.get("/silent");
            await().atMost(PATIENCE).until(() -> streams.streams() == 2);

            product.process().destroy();

            assertThat(http2.awaitGoAway().getError()).isEqualTo(ErrorCode.NO_ERROR.code);
            assertThat(socket.awaitEnd()).isEqualTo("1001 the gateway stops");
            await().atMost(PATIENCE).until(() -> chat.closes().equals(List.of(1001)));
            assertThat(streams.streams()).isEqualTo(2);
            streams.tick("now");
            assertThat(slow.readAll()).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.awaitEnd()).isEqualTo("end");
            assertThat(product.awaitExit()).isZero();
        }
    }

    @Test
    void atTheEndStreamsAreCutOffAfterTheLimit() throws Exception {
        product.reconfigure(config("drain: {atStop: 1s}"));
        try (Open open = new Open(2, 1, 1)) {
            H2cConnection.Answer events = open.http2.get("/events");
            H2cConnection.Answer silent = open.http2.get("/silent");
            await().atMost(PATIENCE).until(() -> streams.streams() == 4);

            product.process().destroy();

            open.endCleanly("the gateway stops");
            assertThat(events.awaitEnd()).isEqualTo(CUT_OFF);
            assertThat(silent.status()).isEqualTo(503);
            assertThat(product.awaitExit()).isZero();
        }
    }
}
