package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What can go wrong before the head of the response. */
interface UpstreamFailureContract extends UpstreamContract {

    /** Where nobody listens. */
    static URI nobody() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://localhost:" + socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    default void tellsARefusedConnection() {
        URI nobody = nobody();

        UpstreamContract.fails(
                Kind.CONNECT,
                nobody + " could be made: ",
                () -> up().ask(nobody).send());
    }

    @Test
    default void tellsAnUnknownHost() {
        UpstreamContract.fails(
                Kind.CONNECT,
                "no-such-host.invalid",
                () -> up().ask(URI.create("http://no-such-host.invalid:80")).send());
    }

    @Test
    default void tellsAConnectionThatIsNotMadeInTime() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI target = URI.create("http://127.0.0.1:" + full.getLocalPort());
            // Nobody accepts, so that after a few the kernel answers no more.
            for (int i = 0; i < 4; i++) {
                up().with(new java.net.Socket() {
                    {
                        try {
                            connect(full.getLocalSocketAddress(), 200);
                        } catch (IOException e) {
                            // the backlog is full
                        }
                    }
                });
            }

            UpstreamContract.fails(
                    Kind.CONNECT_TIMEOUT,
                    "within 200ms",
                    () -> up().ask(target).connect(Duration.ofMillis(200)).send());
        }
    }

    @Test
    default void tellsThatAllConnectionsAreInUse() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            done.await();
            line.write(OK);
        });
        CompletableFuture<String> first =
                UpstreamContract.later(() -> up().ask(peer).maxConnections(1).text());
        await().until(() -> up().inUse() == 1);

        UpstreamContract.fails(
                Kind.CONNECT_TIMEOUT,
                "came free within 200ms: all 1 are in use",
                () -> up().ask(peer)
                        .maxConnections(1)
                        .connect(Duration.ofMillis(200))
                        .send());

        done.countDown();
        assertThat(first.get()).isEqualTo("200 ok");
        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    default void refusesARequestWhereTooManyWaitForAConnection() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            while (line.readHead() != null) {
                done.await();
                line.write(OK);
            }
        });
        CompletableFuture<String> first = UpstreamContract.later(
                () -> up().ask(peer).maxConnections(1).maxPending(1).text());
        await().until(() -> up().inUse() == 1);
        CompletableFuture<String> second = UpstreamContract.later(() -> {
            while (true) {
                try {
                    return up().ask(peer)
                            .maxConnections(1)
                            .maxPending(1)
                            .connect(Duration.ofSeconds(60))
                            .text();
                } catch (UpstreamException refused) { // while one of those below waits
                    assertThat(refused.kind()).isEqualTo(Kind.NO_TARGET);
                }
            }
        });

        await().untilAsserted(() -> UpstreamContract.fails(
                Kind.NO_TARGET,
                "all 1 connections to " + peer.uri() + " are in use, and 1 requests wait for one",
                () -> up().ask(peer)
                        .maxConnections(1)
                        .maxPending(1)
                        .connect(Duration.ofMillis(50))
                        .send()));

        done.countDown();
        assertThat(first.get()).isEqualTo("200 ok");
        assertThat(second.get()).isEqualTo("200 ok");
        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    default void tellsAResponseThatDoesNotComeInTime() {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.readAway();
        });

        UpstreamContract.fails(
                Kind.RESPONSE_TIMEOUT,
                peer.uri() + " sent no response within 150ms",
                () -> up().ask(peer).firstByte(Duration.ofMillis(150)).send());

        await().untilAsserted(() -> assertThat(peer.open()).isZero());
        assertThat(up().inUse()).isZero();
    }

    @Test
    default void countsTheTimeToTheResponseFromTheEndOfTheRequest() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.read(3);
            line.write(OK);
        });
        java.io.InputStream slow = new java.io.InputStream() {
            private int left = 3;

            @Override
            public int read() throws IOException {
                try {
                    Thread.sleep(150); // the client's own pace, not a wait for something
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] to, int offset, int count) throws IOException {
                int one = read();
                if (one >= 0) {
                    to[offset] = (byte) one;
                }
                return one < 0 ? -1 : 1;
            }
        };

        assertThat(up().ask(peer)
                        .firstByte(Duration.ofMillis(300))
                        .post(Body.of(slow, 3))
                        .text())
                .isEqualTo("200 ok");
    }

    @Test
    default void tellsAnUpstreamThatIsSlowButInTimeFromOneThatIsNot() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\n");
            go.await();
            line.write("Content-Length: 2\r\n\r\n");
            line.write("o");
            line.write("k");
            line.readHead();
        });
        CompletableFuture<String> answer =
                UpstreamContract.later(() -> up().ask(peer).text());
        await().until(() -> up().inUse() == 1);
        go.countDown();

        assertThat(answer.get()).isEqualTo("200 ok");
    }

    @Test
    default void tellsAConnectionThatEndsBeforeTheHead() {
        for (String begin : new String[] {"", "HTT", "HTTP/1.1 200 OK\r\nContent-Le"}) {
            Peer closing = up().peer(line -> {
                line.readHead();
                line.write(begin);
            });
            Peer resetting = up().peer(line -> {
                line.readHead();
                line.write(begin);
                line.reset();
            });

            UpstreamContract.fails(
                    Kind.RESET,
                    closing.uri().toString(),
                    () -> up().ask(closing).send());
            UpstreamContract.fails(
                    Kind.RESET,
                    resetting.uri().toString(),
                    () -> up().ask(resetting).send());
        }
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
    }

    @Test
    default void tellsWhatIsNotHttp() {
        for (String answer : new String[] {
            "SSH-2.0-OpenSSH_9.2\r\n",
            "\u0015\u0003\u0001\u0000\u0002\u0002\u0016\r\n\r\n",
            "HTTP/1.1 abc OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nx: a\r\n folded\r\n\r\n",
            "HTTP/1.1 999 X\r\nContent-Length: 9\r\n\r\n",
            "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            "HTTP/1.1 200 OK\r\nx: " + "y".repeat(200_000) + "\r\n\r\n"
        }) {
            AtomicInteger closed = new AtomicInteger();
            Peer peer = up().with(new Peer(line -> answerOnce(line, answer, closed)));
            String asked = "for " + answer.substring(0, Math.min(60, answer.length()));

            try {
                UpstreamContract.fails(
                        Kind.PROTOCOL,
                        peer.uri().toString(),
                        () -> up().ask(peer).send());
            } catch (AssertionError e) {
                throw new AssertionError(asked, e);
            }

            await().alias(asked).until(() -> closed.get() > 0);
        }
        assertThat(up().inUse()).isZero();
    }

    /** Counts the connection that has carried the answer once the client has closed it, and none that was never used. */
    private static void answerOnce(Peer.Line line, String answer, AtomicInteger closed) throws IOException {
        if (line.readHead() == null) {
            return;
        }
        try {
            line.write(answer);
            line.readAway();
        } finally {
            closed.incrementAndGet();
        }
    }
}
