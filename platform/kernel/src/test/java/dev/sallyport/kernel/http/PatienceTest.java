package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.http.LimitHits.Limit;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a listener waits for clients that are slow, by accident or on purpose. */
@Timeout(60)
class PatienceTest {

    @Test
    void answers408ToAHeadThatDoesNotCome() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {headerTimeout: 300ms}");
                Socket client = web.connect()) {
            ListenerFixture.send(client, "GET / HTTP/1.1\r\nHost:");
            assertThat(ListenerFixture.readAll(client))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("request-timeout");
            assertThat(web.hits(Limit.HEADER_TIMEOUT)).isOne();
            await().until(() -> web.listeners.connections().get("web") == 0);
        }
    }

    @Test
    void answers408ToAHeadThatComesByteByByte() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {headerTimeout: 500ms}");
                Socket client = web.connect()) {
            Thread drip = Thread.startVirtualThread(() -> drip(client, "GET / HTTP/1.1\r\nHost: x\r\nX-A: "));
            assertThat(ListenerFixture.readAll(client)).startsWith("HTTP/1.1 408 ");
            drip.join();
        }
    }

    @Test
    void answers408ToALaterHeadOfAKeptConnection() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {headerTimeout: 500ms}");
                Socket client = web.connect()) {
            for (int i = 0; i < 3; i++) {
                ListenerFixture.send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(ListenerFixture.readTo(client, "ok")).startsWith("HTTP/1.1 200 ");
            }
            ListenerFixture.send(client, "GET / HT");
            assertThat(ListenerFixture.readAll(client)).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void closesAConnectionThatSaysNothingWithoutAWord() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {headerTimeout: 300ms}");
                Socket client = web.connect()) {
            assertThat(ListenerFixture.readAll(client)).isEmpty();
            assertThat(web.hits(Limit.HEADER_TIMEOUT)).isOne();
        }
    }

    @Test
    void keepsAnIdleConnectionLongerThanAHeadMayTake() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {headerTimeout: 300ms}");
                Socket client = web.connect();
                Socket slow = web.connect()) {
            ListenerFixture.send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(ListenerFixture.readTo(client, "ok")).startsWith("HTTP/1.1 200 ");
            assertThat(ListenerFixture.readAll(slow)).isEmpty(); // by then a head has had its time

            ListenerFixture.send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

            assertThat(ListenerFixture.readTo(client, "ok")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void answers408ToABodyThatPauses() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {bodyTimeout: 300ms}");
                Socket client = web.connect()) {
            web.answering(request -> Response.text(200, request.body().text(100)));
            ListenerFixture.send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
            assertThat(ListenerFixture.readAll(client)).startsWith("HTTP/1.1 408 ");
            assertThat(web.hits(Limit.BODY_TIMEOUT)).isOne();
        }
    }

    @Test
    void answers408ToABodyThatComesByteByByte() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {bodyTimeout: 500ms, bodyRate: 1KiB}");
                Socket client = web.connect()) {
            web.answering(request -> Response.text(200, request.body().text(1 << 20)));
            ListenerFixture.send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
            Thread drip = Thread.startVirtualThread(() -> drip(client, ""));
            assertThat(ListenerFixture.readAll(client)).startsWith("HTTP/1.1 408 ");
            assertThat(web.hits(Limit.BODY_RATE)).isOne();
            drip.join();
        }
    }

    @Test
    void cutsOffAClientThatDoesNotTakeTheResponse() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {sendTimeout: 500ms}");
                Socket client = web.connect()) {
            web.answering(request -> Response.of(200, Headers.empty(), Body.of(new Endless(), -1)));
            ListenerFixture.send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

            assertThat(web.completions.take().outcome()).isEqualTo(Completion.Outcome.CLIENT_GONE);
            assertThat(web.hits(Limit.SEND_TIMEOUT)).isOne();
            await().until(() -> web.listeners.connections().get("web") == 0);
            assertThat(ListenerFixture.readAll(client)).doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void endsAStreamOverHttp2ThatIsNotTaken() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {sendTimeout: 500ms}");
                RawHttp2 client = new RawHttp2(web.port)) {
            web.answering(request -> Response.of(200, Headers.empty(), Body.of(new Endless(), -1)));
            client.get(1);

            assertThat(client.await(RawHttp2.RST_STREAM)).isNotNull();

            web.answering(request -> Response.text(204, ""));
            client.get(3);
            assertThat(client.await(RawHttp2.HEADERS).stream()).isEqualTo(3);
            assertThat(web.hits(Limit.SEND_TIMEOUT)).isOne();
        }
    }

    @Test
    void closesAnIdleConnectionOverHttp2WhateverItPings() throws Exception {
        try (ListenerFixture web = new ListenerFixture("idle: 1s");
                RawHttp2 client = new RawHttp2(web.port)) {
            client.get(1);
            Thread pinging = Thread.startVirtualThread(() -> {
                try {
                    while (client.send(RawHttp2.PING, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8)) {
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException closed) {
                    // as it should be
                }
            });
            assertThat(client.awaitEnd()).isZero();
            pinging.join();
        }
    }

    @Test
    void closesAConnectionWhosePrefaceOfHttp2DoesNotEnd() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {headerTimeout: 300ms}");
                Socket client = web.connect()) {
            ListenerFixture.send(client, "PRI * HTTP/2.0\r\n\r");
            ListenerFixture.readAll(client);
            assertThat(web.hits(Limit.HEADER_TIMEOUT)).isOne();
        }
    }

    @Test
    void endsAStreamThatIsSilentInBothDirections() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {streamIdle: 500ms}");
                Socket client = web.connect()) {
            web.answering(request -> {
                Silent silent = new Silent();
                ((dev.sallyport.kernel.chain.LiveExchange) request.exchange())
                        .cancellation()
                        .onCancel(silent::end);
                return Response.of(200, Headers.empty(), Body.of(silent, -1));
            });
            ListenerFixture.send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

            assertThat(ListenerFixture.readAll(client))
                    .startsWith("HTTP/1.1 200 ")
                    .doesNotEndWith("0\r\n\r\n");
            assertThat(web.hits(Limit.STREAM_IDLE)).isOne();
        }
    }

    @Test
    void saysGoodbyeToAWebSocketThatIsSilentInBothDirections() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {streamIdle: 500ms}");
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket gatewaysEnd = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket upstream = server.accept();
                Socket client = web.connect()) {
            web.answering(request -> Response.upgrade(101, Headers.empty(), new SocketTunnel(gatewaysEnd)));
            ListenerFixture.send(
                    client, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(ListenerFixture.readTo(client, "\r\n\r\n")).startsWith("HTTP/1.1 101 ");

            assertThat(client.getInputStream().read()).as("a close frame").isEqualTo(0x88);
            assertThat(upstream.getInputStream().read()).as("a close frame").isEqualTo(0x88);
            assertThat(web.hits(Limit.STREAM_IDLE)).isOne();
            ListenerFixture.readAll(client); // it is closed also where nobody answers
        }
    }

    private static void drip(Socket client, String first) {
        try {
            client.getOutputStream().write(first.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            while (true) {
                client.getOutputStream().write('a');
                Thread.sleep(50);
            }
        } catch (IOException | InterruptedException closed) {
            // as it should be
        }
    }

    /** Never ends. */
    private static final class Endless extends InputStream {

        @Override
        public int read() {
            return 'a';
        }

        @Override
        public int read(byte[] bytes, int offset, int count) {
            Arrays.fill(bytes, offset, offset + count, (byte) 'a');
            return count;
        }
    }

    /** Says nothing until it is cut off. */
    private static final class Silent extends InputStream {

        private final java.util.concurrent.CompletableFuture<IOException> end =
                new java.util.concurrent.CompletableFuture<>();

        void end(IOException reason) {
            end.complete(reason);
        }

        @Override
        public int read() throws IOException {
            throw end.join();
        }
    }

    @Test
    void tellsAClientOfHttp2ThatTheRestOfItsBodyIsNotNeeded() throws Exception {
        try (ListenerFixture web = new ListenerFixture();
                RawHttp2 client = new RawHttp2(web.port)) {
            client.post(1);

            assertThat(client.await(RawHttp2.HEADERS).stream()).isEqualTo(1);
            RawHttp2.Frame reset = client.await(RawHttp2.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(1);
            assertThat(reset.error()).as("RFC 9113 §8.1: NO_ERROR").isZero();
        }
    }
}
