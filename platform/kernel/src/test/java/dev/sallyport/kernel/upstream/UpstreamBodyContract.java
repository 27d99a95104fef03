package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies of responses. */
interface UpstreamBodyContract extends UpstreamContract {

    private void streamsDown(long size) throws Exception {
        byte[] block = new byte[64 * 1024];
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            for (long sent = 0; sent < size; sent += block.length) {
                line.out().write(block);
            }
            line.readHead();
        });

        long before = usedMemory();
        Response response = up().ask(peer).send();
        long got = 0;
        try (InputStream in = response.body().open()) {
            byte[] buffer = new byte[16 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                got += count;
            }
        }

        assertThat(response.body().length()).isEqualTo(size);
        assertThat(got).isEqualTo(size);
        assertThat(usedMemory() - before).isLessThan(32L << 20);
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    default void streams64MebibytesDown() throws Exception {
        streamsDown(64L << 20);
    }

    @Test
    @Tag("proof")
    default void streamsOneGibibyteDown() throws Exception {
        streamsDown(1L << 30);
    }

    @Test
    default void givesWhatHasComeWithoutWaitingForMore() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            read.await();
            line.write("6\r\nsecond\r\n0\r\n\r\n");
            line.readHead();
        });

        Response response = up().ask(peer).send();
        InputStream in = response.body().open();
        byte[] buffer = new byte[100];
        int count = in.read(buffer);
        assertThat(new String(buffer, 0, count, StandardCharsets.US_ASCII)).isEqualTo("first");
        read.countDown();

        assertThat(in.readAllBytes()).asString().isEqualTo("second");
        assertThat(response.body().length()).isEqualTo(-1);
        response.body().close();
    }

    @Test
    default void handsOverBuffersWithoutACopyWhereAsked() throws Exception {
        Peer peer = up().with(Peer.answering("HTTP/1.1 200 OK\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "5\r\n"
                + "first\r\n"
                + "6\r\n"
                + "second\r\n"
                + "0\r\n"
                + "x-sum: 1\r\n\r\n"));

        Response response = up().ask(peer).send();
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        ((BufferBody) response.body()).drainTo(bytes -> {
            byte[] some = new byte[bytes.remaining()];
            bytes.get(some);
            got.writeBytes(some);
        });

        assertThat(got.toString(StandardCharsets.US_ASCII)).isEqualTo("firstsecond");
        assertThat(response.body().trailers()).isEqualTo(Headers.of("x-sum", "1"));
        assertThatThrownBy(() -> response.body().open()).isInstanceOf(IllegalStateException.class);
        response.body().close();
    }

    @Test
    default void givesTrailersAfterTheEnd() throws Exception {
        Peer peer = up().with(Peer.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                + "2\r\nok\r\n0\r\nX-Sum: Ab\r\ngrpc-status: 0\r\n\r\n"));

        Response response = up().ask(peer).send();
        assertThat(response.body().trailers().isEmpty()).isTrue();
        assertThat(response.body().open().readAllBytes()).asString().isEqualTo("ok");

        assertThat(response.headers()).isEqualTo(Headers.of("Trailer", "X-Sum"));
        assertThat(response.body().trailers()).isEqualTo(Headers.of("X-Sum", "Ab", "grpc-status", "0"));
        response.body().close();
    }

    @Test
    default void readsABodyThatEndsWithTheConnection() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\n\r\nall of it");
        });

        assertThat(up().ask(peer).text()).isEqualTo("200 all of it");
    }

    @Test
    default void hasNoBodyWhereTheStatusOrTheMethodSaysSo() throws Exception {
        Peer peer = up().peer(line -> {
            for (String head = line.readHead(); head != null; head = line.readHead()) {
                String status = head.startsWith("HEAD") ? "200" : head.split(" ")[1].substring(1);
                line.write("HTTP/1.1 " + status + " X\r\n" + (status.equals("204") ? "" : "Content-Length: 7\r\n")
                        + "\r\n");
            }
        });

        for (int round = 0; round < 2; round++) {
            Response head = up().ask(peer).method("HEAD").send();
            Response unchanged = up().ask(peer).path("/304").send();
            Response nothing = up().ask(peer).path("/204").send();

            assertThat(head.header("content-length")).isEqualTo("7");
            assertThat(unchanged.header("content-length")).isEqualTo("7");
            assertThat(head.body().isEmpty()).isTrue();
            assertThat(unchanged.body().isEmpty()).isTrue();
            assertThat(nothing.body().isEmpty()).isTrue();
        }
        assertThat(peer.accepted()).isEqualTo(1);
        assertThat(up().inUse()).isZero();
    }

    @Test
    default void failsWhereABodyIsShorterThanItsLength() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        });

        Response response = up().ask(peer).send();

        InputStream in = response.body().open();
        assertThatThrownBy(in::readAllBytes)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(peer.uri().toString())
                .hasMessageContaining("after 4 bytes");
        assertThatThrownBy(in::read).as("and never an end").isInstanceOf(IOException.class);
        assertThat(brokenOff(response)).hasMessageContaining("after 4 bytes");
        response.body().close();
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
    }

    @Test
    default void failsWhereChunksBreakOffOrAreNone() throws Exception {
        for (String rest : new String[] {"5\r\nhal", "5\r\nhello\r\n", "zz\r\nhello\r\n", "5\r\nhelloX"}) {
            Peer peer = up().peer(line -> {
                line.readHead();
                line.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + rest);
            });

            Response response = up().ask(peer).send();

            assertThatThrownBy(() -> response.body().open().readAllBytes())
                    .as(rest)
                    .isInstanceOf(IOException.class);
            assertThat(brokenOff(response)).as(rest).isNotNull();
            response.body().close();
        }
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
    }

    @Test
    default void failsWhereTheConnectionIsResetWithinTheBody() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\n\r\nsome");
            read.await();
            line.reset();
        });

        Response response = up().ask(peer).send();
        InputStream in = response.body().open();
        assertThat(in.readNBytes(4)).asString().isEqualTo("some");
        read.countDown();

        assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("after 4 bytes");
        assertThat(brokenOff(response)).isNotNull();
        response.body().close();
    }

    @Test
    default void failsWhereABodyPausesTooLong() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            line.readAway();
        });

        Response response = up().ask(peer).idle(Duration.ofMillis(100)).send();

        assertThatThrownBy(() -> response.body().open().readAllBytes())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("100ms");
        assertThat(brokenOff(response)).isNotNull();
        await().untilAsserted(() -> assertThat(peer.open()).isZero());
        response.body().close();
    }

    @Test
    default void doesNotBlameTheTargetForABodyThatNobodyWaitsFor() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            line.readAway();
        });

        Asking asking = up().ask(peer);
        Response response = asking.send();
        InputStream in = response.body().open();
        in.readNBytes(4);
        assertThat(brokenOff(response)).isNull();
        asking.cancellation.cancel(new ClientGoneException("gone"));

        assertThatThrownBy(in::read).isInstanceOf(ClientGoneException.class);
        assertThat(brokenOff(response)).isNull();
        response.body().close();
    }

    private static IOException brokenOff(Response response) {
        return ((BufferBody) response.body()).brokenOff();
    }

    @Test
    default void dropsTheConnectionWhereABodyIsClosedBeforeItsEnd() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            line.readAway();
        });

        Response response = up().ask(peer).send();
        response.body().close();

        await().untilAsserted(() -> assertThat(peer.open()).isZero());
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
        Body closed = response.body();
        assertThatThrownBy(closed::open).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void keepsTheConnectionWhereAllThatIsLeftHasCome() throws Exception {
        Peer peer = up().with(Peer.answering("HTTP/1.1 404 X\r\nContent-Length: 500\r\n\r\n" + "x".repeat(500)));

        for (int i = 0; i < 3; i++) {
            Response response = up().ask(peer).send();
            try (InputStream in = response.body().open()) {
                in.readNBytes(i * 250);
            }
            response.body().close();
        }

        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    default void freesTheConnectionBeforeTheLastBytesAreTaken() throws Exception {
        Peer peer = up().with(Peer.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"));

        Response response = up().ask(peer).send();
        response.body().open().read();

        assertThat(up().inUse()).isZero();
        response.body().close();
    }
}
