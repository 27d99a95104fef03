package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException.Kind;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies of requests. */
interface UpstreamUploadContract extends UpstreamContract {

    /** So many bytes of zero, without holding them. */
    private static InputStream zeros(long size) {
        return new InputStream() {
            private long left = size;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] to, int offset, int count) {
                int given = (int) Math.min(count, left);
                left -= given;
                return given == 0 ? -1 : given;
            }
        };
    }

    private void streamsUp(long size) throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.in().skipNBytes(size);
            line.write(OK);
            line.readHead();
        });

        assertThat(up().ask(peer).post(Body.of(zeros(size), size)).text()).isEqualTo("200 ok");
    }

    @Test
    default void streams64MebibytesUp() throws Exception {
        streamsUp(64L << 20);
    }

    @Test
    @Tag("proof")
    default void streamsOneGibibyteUp() throws Exception {
        streamsUp(1L << 30);
    }

    @Test
    default void sendsEachPieceAsItComesAndAnswersWhileItFlows() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            // The line end that closes a chunk may come with the next one.
            String lineEnd = "";
            for (int i = 0; i < 3; i++) {
                assertThat(line.read(lineEnd.length() + 3)).isEqualTo(lineEnd + "1\r\n");
                line.write("1\r\n" + line.read(1) + "\r\n");
                lineEnd = "\r\n";
            }
            assertThat(line.readUntil("0\r\n\r\n")).isEqualTo("\r\n0\r\n\r\n");
            line.write("0\r\n\r\n");
            line.readHead();
        });
        PipedOutputStream client = new PipedOutputStream();

        Response response =
                up().ask(peer).post(Body.of(new PipedInputStream(client), -1)).send();

        InputStream in = response.body().open();
        for (char c : "abc".toCharArray()) {
            client.write(c);
            client.flush();
            assertThat((char) in.read()).isEqualTo(c);
        }
        client.close();
        assertThat(in.read()).isEqualTo(-1);
        response.body().close();
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
        assertThat(peer.open()).as("kept").isEqualTo(1);
    }

    @Test
    default void sendsTrailersAfterTheBody() throws Exception {
        CompletableFuture<String> sent = new CompletableFuture<>();
        Peer peer = up().peer(line -> {
            line.readHead();
            sent.complete(line.readUntil("\r\n\r\n"));
            line.write(OK);
        });
        Body body = UpstreamContract.streamed(
                new ByteArrayInputStream("hi".getBytes(StandardCharsets.US_ASCII)), -1, Headers.of("X-Sum", "Ab"));

        assertThat(up().ask(peer).post(body).text()).isEqualTo("200 ok");

        assertThat(sent.get()).isEqualTo("2\r\nhi\r\n0\r\nX-Sum: Ab\r\n\r\n");
    }

    @Test
    default void keepsTrailersOfABufferedBody() throws Exception {
        CompletableFuture<String> sent = new CompletableFuture<>();
        Peer peer = up().peer(line -> {
            assertThat(line.readHead()).contains("Transfer-Encoding: chunked");
            sent.complete(line.readUntil("\r\n\r\n"));
            line.write(OK);
        });
        Body body = UpstreamContract.streamed(
                        new ByteArrayInputStream("hi".getBytes(StandardCharsets.US_ASCII)),
                        -1,
                        Headers.of("X-Sum", "Ab"))
                .buffered(100);

        assertThat(up().ask(peer).post(body).text()).isEqualTo("200 ok");

        assertThat(sent.get()).isEqualTo("2\r\nhi\r\n0\r\nX-Sum: Ab\r\n\r\n");
    }

    @Test
    default void sendsABufferedBodyWithoutAnotherThread() throws Exception {
        Peer peer = up().peer(line -> {
            while (line.readHead() != null) {
                line.read(60_000);
                line.write(OK);
            }
        });
        AtomicInteger tasks = new AtomicInteger();

        assertThat(up().ask(peer)
                        .runner(task -> tasks.incrementAndGet())
                        .post(Body.of(new byte[60_000]))
                        .text())
                .isEqualTo("200 ok");

        assertThat(tasks).hasValue(0);
    }

    @Test
    default void givesAnEarlyRefusalAndStopsTheUpload() throws Exception {
        AtomicLong taken = new AtomicLong();
        CountDownLatch stopped = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            taken.addAndGet(line.in().readNBytes(100_000).length);
            line.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
            taken.addAndGet(line.readAway());
            stopped.countDown();
        });

        assertThat(up().ask(peer).post(Body.of(zeros(1L << 40), -1)).text()).isEqualTo("413 big");

        stopped.await();
        assertThat(taken.get()).isLessThan(64L << 20);
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
    }

    @Test
    default void stopsAnUploadThatWaitsForItsClientOnceTheResponseIsClosed() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write(OK);
            line.readAway();
        });
        CountDownLatch copyEnded = new CountDownLatch(1);
        try (PipedOutputStream client = new PipedOutputStream()) {
            Response response = up().ask(peer)
                    .runner(task -> Thread.ofVirtual().start(() -> {
                        task.run();
                        copyEnded.countDown();
                    }))
                    .post(Body.of(new PipedInputStream(client), -1))
                    .send();

            assertThat(response.body().open().readAllBytes()).asString().isEqualTo("ok");
            assertThat(peer.open())
                    .as("the upload may go on until the response is closed")
                    .isEqualTo(1);
            response.body().close();

            copyEnded.await();
            await().untilAsserted(() -> assertThat(peer.open()).isZero());
            assertThat(up().inUse()).isZero();
        }
    }

    @Test
    default void givesUpTheRequestWhereItsBodyCannotBeRead() throws Exception {
        for (Exception failure : new Exception[] {
            new ClientGoneException("left"),
            new BodyTooLargeException(5),
            new IOException("broken"),
            new IllegalStateException("bug")
        }) {
            CompletableFuture<Long> seen = new CompletableFuture<>();
            Peer peer = up().peer(line -> {
                line.readHead();
                seen.complete(line.readAway());
            });
            InputStream breaking = new InputStream() {
                @Override
                public int read() throws IOException {
                    if (failure instanceof IOException e) {
                        throw e;
                    }
                    throw (RuntimeException) failure;
                }
            };

            assertThatThrownBy(() -> up().ask(peer).post(Body.of(breaking, 10)).send())
                    .isSameAs(failure);

            assertThat(seen.get()).isZero();
        }
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
    }

    @Test
    default void failsWhereABodyIsShorterThanItSays() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.readAway();
        });

        assertThatThrownBy(() -> up().ask(peer).post(Body.of(zeros(7), 10)).send())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("7 of 10");
        await().untilAsserted(() -> assertThat(peer.open()).isZero());
    }

    @Test
    default void doesNotOpenTheBodyBeforeAConnectionIsThere() {
        InputStream untouched = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read");
            }
        };
        Body body = Body.of(untouched, 10);

        UpstreamContract.fails(
                Kind.CONNECT,
                "refused",
                () -> up().ask(UpstreamFailureContract.nobody()).post(body).send());

        assertThat(body.open()).isSameAs(untouched);
    }

    @Test
    default void doesNotBlameTheTargetWhereTheBodyFailsWhileTheResponseIsRead() throws Exception {
        IOException own = new IOException("no message");
        CountDownLatch headCame = new CountDownLatch(1);
        InputStream fails = new InputStream() {
            private boolean begun;

            @Override
            public int read() throws IOException {
                if (!begun) {
                    begun = true;
                    return 'a';
                }
                try {
                    headCame.await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
                throw own;
            }

            @Override
            public int read(byte[] to, int offset, int count) throws IOException {
                to[offset] = (byte) read();
                return 1;
            }
        };
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            line.readAway();
        });

        Response response = up().ask(peer).post(Body.of(fails, -1)).send();
        InputStream in = response.body().open();
        headCame.countDown();

        assertThatThrownBy(in::read).isSameAs(own);
        assertThat(((BufferBody) response.body()).brokenOff()).isNull();
        response.body().close();
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
    }

    @Test
    default void failsWhereTheTargetTakesNothingOfTheBody() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            done.await();
        });

        UpstreamContract.fails(
                Kind.RESPONSE_TIMEOUT,
                "200ms",
                () -> up().ask(peer)
                        .idle(Duration.ofMillis(200))
                        .post(Body.of(zeros(1L << 40), -1))
                        .send());

        done.countDown();
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
    }
}
