package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, for our own client; and what it does about targets that try to be understood in two ways. */
final class Http1ClientTest extends UpstreamClientContract {

    private static final String EVIL = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";

    @Override
    UpstreamFixture newFixture() {
        return new UpstreamFixture(Http1Client::new, client -> ((Http1Client) client).inUse());
    }

    @Test
    void givesNoOtherRequestWhatCameBehindAResponse() throws Exception {
        for (String first : new String[] {
            OK + EVIL,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" + EVIL,
            "HTTP/1.1 204 No Content\r\n\r\n" + EVIL,
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil" + EVIL
        }) {
            Peer peer = up().with(Peer.answering(first));

            for (int i = 0; i < 3; i++) {
                Response response = up().ask(peer).send();
                try (Body body = response.body()) {
                    assertThat(body.text(100)).as(first).isIn("ok", "");
                }
            }

            assertThat(peer.accepted()).as(first).isEqualTo(3);
        }
    }

    @Test
    void givesNoOtherRequestWhatComesUnasked() throws Exception {
        CountDownLatch said = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write(OK);
            line.write(EVIL);
            said.countDown();
            line.readAway();
        });

        assertThat(up().ask(peer).text()).isEqualTo("200 ok");
        said.await();
        await().untilAsserted(() -> assertThat(up().ask(peer).text()).isEqualTo("200 ok"));

        assertThat(peer.accepted()).isGreaterThan(1);
    }

    @Test
    void tellsWhatConnectionsATargetHasAndForgetsOneThatHasNone() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            answer.await();
            line.write(OK);
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        });
        try (Http1Client client = new Http1Client()) {
            Thread asking = Thread.ofVirtual().start(() -> {
                try {
                    var _ = new Asking(client, peer.uri()).text();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            await().untilAsserted(
                            () -> assertThat(client.pools()).isEqualTo(Map.of(peer.uri(), new PoolState(1, 0, 0))));
            answer.countDown();
            asking.join();
            assertThat(client.pools()).isEqualTo(Map.of(peer.uri(), new PoolState(0, 1, 0)));

            assertThat(new Asking(client, peer.uri()).text()).isEqualTo("200 ok");
            await().untilAsserted(() -> assertThat(client.pools()).isEmpty());
            client.forgetEmptyPools();
            assertThat(client.poolCount()).isEqualTo(1);
            client.forgetEmptyPools();
            assertThat(client.poolCount()).isZero();
        }
    }

    @Test
    void noticesBeforeItSendsThatAKeptConnectionWasClosed() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.read(1);
            line.write(OK);
        });

        for (int i = 0; i < 5; i++) {
            assertThat(up().ask(peer).post(Body.of("x")).text()).isEqualTo("200 ok");
            await().untilAsserted(() -> assertThat(peer.open()).isZero());
        }
    }

    @Test
    void noticesBeforeItSendsThatAKeptConnectionOverTlsHasEndedWithoutAWord(@TempDir Path folder) throws Exception {
        Certificate certificate = new Certificate(folder);
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Peer peer = up().with(new Peer(server, "https", line -> {
            Peer.Line secure = line.overTls(certificate.server());
            secure.readHead();
            secure.read(1);
            secure.write(OK); // and the socket below is closed
        }));
        UpstreamClient client = up().client(certificate.client());

        for (int i = 0; i < 3; i++) {
            assertThat(new Asking(client, peer.uri()).post(Body.of("x")).text()).isEqualTo("200 ok");
            await().untilAsserted(() -> assertThat(peer.open()).isZero());
        }
    }

    @Test
    void refusesHeadsThatOthersMayReadInAnotherWay() {
        for (String head : new String[] {
            "HTTP/1.1 200 OK\nContent-Length: 0\n\n\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nx: a\u0000b\r\n\r\n",
            "HTTP/1.1 200 OK\r\nx: a\rb\r\n\r\n",
            "HTTP/2 200\r\n\r\n",
            "HTTP/1.1  200 OK\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1 099 OK\r\n\r\n"
        }) {
            Peer peer = up().with(Peer.answering(head));
            try {
                UpstreamContract.fails(
                        Kind.PROTOCOL,
                        peer.uri().toString(),
                        () -> up().ask(peer).send());
            } catch (AssertionError e) {
                throw new AssertionError("for " + head, e);
            }
        }
    }

    @Test
    void refusesChunksThatOthersMayReadInAnotherWay() throws Exception {
        for (String chunks : new String[] {
            "2\nok\r\n0\r\n\r\n",
            "0x2\r\nok\r\n0\r\n\r\n",
            "-2\r\nok\r\n0\r\n\r\n",
            "\r\nok\r\n0\r\n\r\n",
            "10000000000000002\r\nok\r\n0\r\n\r\n",
            "2\r\nokok\r\n0\r\n\r\n",
            "2;" + "x".repeat(10_000) + "\r\nok\r\n0\r\n\r\n",
            "2\r\nok\r\n0\r\nno field\r\n\r\n"
        }) {
            Peer peer = up().with(Peer.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks));

            Response response = up().ask(peer).send();

            assertThatThrownBy(() -> response.body().open().readAllBytes())
                    .as(chunks)
                    .isInstanceOf(IOException.class);
            response.body().close();
        }
    }

    @Test
    void passesOverExtensionsOfChunks() throws Exception {
        Peer peer = up().with(Peer.answering(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "2;a=b;c=\"d\"\r\nok\r\n000;e\r\n\r\n"));

        assertThat(up().ask(peer).text()).isEqualTo("200 ok");
        assertThat(up().ask(peer).text()).isEqualTo("200 ok");
        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    void endsAFloodOfInterimResponses() {
        Peer peer = up().peer(line -> {
            line.readHead();
            while (true) {
                line.write("HTTP/1.1 102 Processing\r\n\r\n");
            }
        });

        UpstreamContract.fails(
                Kind.PROTOCOL, "more than 100", () -> up().ask(peer).send());
    }

    @Test
    void takesAHeadThatComesByteByByteAndIsLargerThanItsBuffer() throws Exception {
        String large = "y".repeat(50_000);
        Peer peer = up().peer(line -> {
            line.readHead();
            for (char c : ("HTTP/1.1 200 OK\r\nx-large: ").toCharArray()) {
                line.write(String.valueOf(c));
            }
            line.write(large + "\r\nContent-Length: 2\r\n\r");
            line.write("\nok");
            line.readHead();
        });

        Response response = up().ask(peer).send();

        assertThat(response.header("x-large")).isEqualTo(large);
        assertThat(response.body().text(10)).isEqualTo("ok");
    }

    /** As a client over HTTP/2 asks for it (RFC 8441). */
    @Test
    void doesTheHandshakeOfAWebSocketWhoseClientDidNone() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        Peer peer = up().peer(line -> {
            String head = line.readHead();
            heads.add(head);
            String key = head.lines()
                    .filter(one -> one.startsWith("Sec-WebSocket-Key: "))
                    .map(one -> one.substring(19))
                    .findFirst()
                    .orElse("none");
            line.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: " + (heads.size() > 1 ? "wrong" : WebSocketHandshake.accept(key))
                    + "\r\n\r\n");
            line.in().transferTo(line.out());
        });

        Response response = up().ask(peer)
                .method("CONNECT")
                .upgradeWithoutKey("websocket")
                .path("/chat")
                .send();

        assertThat(response.headers().has("sec-websocket-accept")).isFalse();
        Objects.requireNonNull(response.tunnel()).close();
        assertThat(heads.getFirst()).startsWith("GET /chat HTTP/1.1\r\n").contains("Sec-WebSocket-Version: 13\r\n");
        UpstreamContract.fails(
                Kind.PROTOCOL,
                "Sec-WebSocket-Accept",
                () -> up().ask(peer)
                        .method("CONNECT")
                        .upgradeWithoutKey("websocket")
                        .send());
    }
}
