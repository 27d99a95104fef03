package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A switch of protocols. */
interface UpstreamTunnelContract extends UpstreamContract {

    private Peer echoing(String early) {
        return up().peer(line -> {
            String head = line.readHead();
            assertThat(head).contains("Upgrade: " + "websocket" + "\r\n", "Connection: Upgrade\r\n");
            line.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nupgrade: WebSocket\r\n"
                    + "Sec-WebSocket-Accept: abc\r\n\r\n" + early);
            line.in().transferTo(line.out());
            line.write("bye");
        });
    }

    private static String read(Tunnel tunnel, int count) throws IOException {
        return new String(tunnel.input().readNBytes(count), StandardCharsets.US_ASCII);
    }

    @Test
    default void opensATunnelBothWays() throws Exception {
        Peer peer = echoing("early");

        Response response = up().ask(peer)
                .upgrade("websocket")
                .header("Sec-WebSocket-Key", "k")
                .send();
        Tunnel tunnel = Objects.requireNonNull(response.tunnel());

        assertThat(response.status()).isEqualTo(101);
        assertThat(response.header("Sec-WebSocket-Accept")).isEqualTo("abc");
        assertThat(response.header("upgrade")).isEqualTo("WebSocket");
        assertThat(response.headers().has("connection")).isFalse();
        assertThat(read(tunnel, 5)).isEqualTo("early");
        for (int i = 0; i < 100; i++) {
            tunnel.output().write(("message " + i % 10).getBytes(StandardCharsets.US_ASCII));
            assertThat(read(tunnel, 9)).isEqualTo("message " + i % 10);
        }
        tunnel.output().close();
        assertThat(tunnel.input().readAllBytes())
                .as("after a half-close")
                .asString()
                .isEqualTo("bye");
        tunnel.close();
        await().untilAsserted(() -> assertThat(peer.open()).isZero());
    }

    @Test
    default void carriesMoreThanTheBuffersHold() throws Exception {
        Peer peer = echoing("");
        Tunnel tunnel = Objects.requireNonNull(
                up().ask(peer).upgrade("websocket").send().tunnel());
        byte[] much = new byte[8 << 20];

        CompletableFuture<byte[]> back =
                UpstreamContract.later(() -> tunnel.input().readNBytes(much.length));
        tunnel.output().write(much);

        assertThat(back.get()).hasSize(much.length);
        tunnel.close();
    }

    @Test
    default void givesARefusedUpgradeAsAnOrdinaryResponse() throws Exception {
        Peer peer = up().with(Peer.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));

        assertThat(up().ask(peer).upgrade("websocket").text()).isEqualTo("403 no");
        assertThat(up().ask(peer).text()).isEqualTo("403 no");
        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    default void endsBlockedReadersAndWritersWhenClosed() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            new java.util.concurrent.CountDownLatch(1).await();
        });
        Tunnel tunnel = Objects.requireNonNull(
                up().ask(peer).upgrade("websocket").send().tunnel());
        CompletableFuture<Integer> reader = UpstreamContract.later(tunnel.input()::read);
        CompletableFuture<Object> writer = UpstreamContract.later(() -> {
            while (true) {
                tunnel.output().write(new byte[1 << 20]);
            }
        });

        tunnel.close();
        tunnel.close();

        assertThat(UpstreamContract.failureOf(reader)).isInstanceOf(IOException.class);
        assertThat(UpstreamContract.failureOf(writer)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> tunnel.output().write(1)).isInstanceOf(IOException.class);
    }

    @Test
    default void closesATunnelThatIsCancelled() throws Exception {
        Peer peer = echoing("");
        Asking asking = up().ask(peer).upgrade("websocket");
        Tunnel tunnel = Objects.requireNonNull(asking.send().tunnel());
        CompletableFuture<Integer> reader = UpstreamContract.later(tunnel.input()::read);

        asking.cancellation.cancel(new ClientGoneException("left"));

        assertThat(UpstreamContract.failureOf(reader)).isInstanceOf(IOException.class);
        await().untilAsserted(() -> assertThat(peer.open()).isZero());
    }

    @Test
    default void opensATunnelForAnotherProtocolToo() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\nhello");
            line.readAway();
        });

        Tunnel tunnel =
                Objects.requireNonNull(up().ask(peer).upgrade("foo/1").send().tunnel());

        assertThat(read(tunnel, 5)).isEqualTo("hello");
        tunnel.close();
    }
}
