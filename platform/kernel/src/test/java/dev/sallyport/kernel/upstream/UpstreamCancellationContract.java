package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Cancellation at each stage: whoever waits is told, and the connection is dropped. */
interface UpstreamCancellationContract extends UpstreamContract {

    private static ClientGoneException gone() {
        return new ClientGoneException("the client has left");
    }

    @Test
    default void cancelsBeforeTheStart() {
        Peer peer = up().with(Peer.answering(OK));
        Asking asking = up().ask(peer);
        ClientGoneException gone = gone();
        asking.cancellation.cancel(gone);

        assertThatThrownBy(asking::send).isSameAs(gone);
    }

    @Test
    default void cancelsWhileItWaitsForAConnection() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            done.await();
            line.write(OK);
            line.readHead();
        });
        CompletableFuture<String> first =
                UpstreamContract.later(() -> up().ask(peer).maxConnections(1).text());
        await().until(() -> up().inUse() == 1);
        Asking asking = up().ask(peer).maxConnections(1);
        CompletableFuture<Response> second = UpstreamContract.later(asking::send);
        ClientGoneException gone = gone();
        asking.cancellation.cancel(gone);

        assertThat(UpstreamContract.failureOf(second)).isSameAs(gone);

        done.countDown();
        assertThat(first.get()).isEqualTo("200 ok");
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
    }

    @Test
    default void cancelsWhileItWaitsForTheHead() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            asked.countDown();
            line.readAway();
        });
        Asking asking = up().ask(peer);
        CompletableFuture<Response> answer = UpstreamContract.later(asking::send);
        asked.await();
        ClientGoneException gone = gone();
        asking.cancellation.cancel(gone);

        assertThat(UpstreamContract.failureOf(answer)).isSameAs(gone);
        await().untilAsserted(() -> assertThat(peer.open()).isZero());
        assertThat(up().inUse()).isZero();
    }

    @Test
    default void cancelsWithAnotherCauseThanTheClients() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        Peer peer = up().peer(line -> {
            line.readHead();
            asked.countDown();
            line.readAway();
        });
        Asking late = up().ask(peer);
        CompletableFuture<Response> lateAnswer = UpstreamContract.later(late::send);
        Asking stopped = up().ask(peer);
        CompletableFuture<Response> stoppedAnswer = UpstreamContract.later(stopped::send);
        asked.await();
        UpstreamException deadline = new UpstreamException(Kind.RESPONSE_TIMEOUT, "60s are over", null);

        late.cancellation.cancel(deadline);
        stopped.cancellation.cancel(new IOException("draining"));

        assertThat(UpstreamContract.failureOf(lateAnswer)).isSameAs(deadline);
        assertThat(UpstreamContract.failureOf(stoppedAnswer))
                .isInstanceOf(UpstreamException.class)
                .hasMessageContaining("draining");
    }

    @Test
    default void cancelsWithinTheBody() throws Exception {
        Peer peer = up().peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            line.readAway();
        });
        Asking asking = up().ask(peer);
        Response response = asking.send();
        InputStream in = response.body().open();
        in.readNBytes(4);
        CompletableFuture<Integer> more = UpstreamContract.later(in::read);
        ClientGoneException gone = gone();
        asking.cancellation.cancel(gone);

        assertThat(UpstreamContract.failureOf(more)).isSameAs(gone);
        assertThatThrownBy(in::read).isSameAs(gone);
        response.body().close();
        await().untilAsserted(() -> assertThat(peer.open()).isZero());
        assertThat(up().inUse()).isZero();
    }

    @Test
    default void cancelsAnUploadThatWaitsForItsClient() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch copyEnded = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            asked.countDown();
            line.readAway();
        });
        try (PipedOutputStream client = new PipedOutputStream()) {
            Asking asking = up().ask(peer)
                    .runner(task -> Thread.ofVirtual().start(() -> {
                        task.run();
                        copyEnded.countDown();
                    }))
                    .post(Body.of(new PipedInputStream(client), -1));
            CompletableFuture<Response> answer = UpstreamContract.later(asking::send);
            asked.await();
            ClientGoneException gone = gone();
            asking.cancellation.cancel(gone);

            assertThat(UpstreamContract.failureOf(answer)).isSameAs(gone);
            copyEnded.await();
        }
        await().untilAsserted(() -> assertThat(peer.open()).isZero());
        assertThat(up().inUse()).isZero();
    }

    @Test
    default void cancelsAnUploadThatWaitsForItsTarget() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch copyEnded = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            done.await();
        });
        java.util.concurrent.atomic.AtomicLong given = new java.util.concurrent.atomic.AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] to, int offset, int count) {
                given.addAndGet(count);
                return count;
            }
        };
        Asking asking = up().ask(peer)
                .runner(task -> Thread.ofVirtual().start(() -> {
                    task.run();
                    copyEnded.countDown();
                }))
                .post(Body.of(endless, -1));
        CompletableFuture<Response> answer = UpstreamContract.later(asking::send);
        // The buffers of both sockets are full once it gives no more.
        await().during(java.time.Duration.ofMillis(200)).until(() -> {
            long before = given.get();
            Thread.onSpinWait();
            return before > 0;
        });
        ClientGoneException gone = gone();
        asking.cancellation.cancel(gone);

        assertThat(UpstreamContract.failureOf(answer)).isSameAs(gone);
        copyEnded.await();
        done.countDown();
        await().untilAsserted(() -> assertThat(up().inUse()).isZero());
    }

    @Test
    default void doesNotHarmTheNextRequestByALateCancellation() throws Exception {
        Peer peer = up().with(Peer.answering(OK));
        Asking first = up().ask(peer);
        assertThat(first.text()).isEqualTo("200 ok");

        Asking second = up().ask(peer);
        Response response = second.send();
        first.cancellation.cancel(gone());

        assertThat(response.body().text(10)).isEqualTo("ok");
        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    default void throwsAndGivesUpWhereTheWaitingThreadIsInterrupted() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Peer peer = up().peer(line -> {
            line.readHead();
            asked.countDown();
            line.readAway();
        });
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                up().ask(peer).send();
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        asked.await();
        waiting.interrupt();

        assertThat(thrown.get()).isInstanceOf(java.io.InterruptedIOException.class);
        await().untilAsserted(() -> assertThat(peer.open()).isZero());
    }
}
