package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.api.Body;
import dev.sallyport.api.UpstreamException.Kind;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Connections: kept, shared out, found dead, closed. */
interface UpstreamConnectionContract extends UpstreamContract {

    @Test
    default void keepsOneConnectionForRequestsThatFollowEachOther() throws Exception {
        Peer peer = up().with(Peer.answering(OK));

        for (int i = 0; i < 100; i++) {
            assertThat(up().ask(peer).text()).isEqualTo("200 ok");
        }

        assertThat(peer.accepted()).isEqualTo(1);
        assertThat(up().inUse()).isZero();
    }

    @Test
    default void doesNotKeepAConnectionThatTheTargetWillClose() throws Exception {
        for (String head : new String[] {"HTTP/1.1 200 OK\r\nConnection: close\r\n", "HTTP/1.0 200 OK\r\n"}) {
            Peer peer = up().with(Peer.answering(head + "Content-Length: 2\r\n\r\nok"));

            assertThat(up().ask(peer).text()).isEqualTo("200 ok");
            assertThat(up().ask(peer).text()).isEqualTo("200 ok");

            assertThat(peer.accepted()).isEqualTo(2);
        }
    }

    @Test
    default void closesAKeptConnectionAfterItsTime() throws Exception {
        Peer peer = up().with(Peer.answering(OK));
        assertThat(up().ask(peer).keepAlive(Duration.ofMillis(200)).text()).isEqualTo("200 ok");

        await().untilAsserted(() -> assertThat(peer.open()).isZero());
    }

    @Test
    default void waitsForASlowResponseLongerThanConnectionsAreKept() throws Exception {
        Peer peer = up().peer(line -> {
            while (line.readHead() != null) {
                Thread.sleep(500); // a target's own pace
                line.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
                Thread.sleep(500);
                line.write("ok");
            }
        });
        assertThat(up().ask(peer).keepAlive(Duration.ofMillis(200)).text()).isEqualTo("200 ok");
    }

    @Test
    default void repeatsARequestOnceWhereAKeptConnectionWasClosed() throws Exception {
        Peer peer = closingAtTheSecondRequest(0);

        for (int i = 0; i < 10; i++) {
            assertThat(up().ask(peer).text()).isEqualTo("200 ok");
            assertThat(up().ask(peer)
                            .method("PUT")
                            .post(Body.of("x"))
                            .method("PUT")
                            .text())
                    .isEqualTo("200 ok");
        }
        assertThat(peer.accepted()).isGreaterThan(1);
    }

    @Test
    default void doesNotRepeatWhatMayHaveHadAnEffect() throws Exception {
        Peer peer = closingAtTheSecondRequest(0);

        failsOnAKeptConnection(peer, () -> up().ask(peer).post(Body.of("x")).send());
        failsOnAKeptConnection(
                peer,
                () -> up().ask(peer)
                        .post(Body.of(new ByteArrayInputStream(new byte[1]), 1))
                        .method("PUT")
                        .send());
    }

    @Test
    default void doesNotRepeatOnceAByteOfTheResponseHasCome() throws Exception {
        Peer peer = closingAtTheSecondRequest(3);

        failsOnAKeptConnection(peer, () -> up().ask(peer).send());
    }

    /** A client may take a moment after the end of a body until it has the connection back: then it opens another one. */
    private void failsOnAKeptConnection(Peer peer, ThrowingCallable action) throws Exception {
        Throwable failure = null;
        for (boolean kept = false; !kept; ) {
            assertThat(up().ask(peer).text()).isEqualTo("200 ok");
            int before = peer.accepted();
            failure = catchThrowable(action);
            kept = failure != null || peer.accepted() == before;
        }
        Throwable thrown = failure;
        UpstreamContract.fails(Kind.RESET, peer.uri().toString(), () -> {
            if (thrown != null) {
                throw thrown;
            }
        });
    }

    /** Answers the first request of each connection and ends the connection on the second, after so many bytes. */
    private Peer closingAtTheSecondRequest(int bytes) {
        return up().peer(line -> {
            String head = line.readHead();
            if (head.contains("Content-Length: 1")) {
                line.read(1);
            }
            line.write(OK);
            line.readHead();
            line.write("HTTP".substring(0, bytes));
        });
    }

    @Test
    default void servesManyAtOnce() throws Exception {
        Peer peer = up().with(Peer.answering(OK));
        AtomicInteger done = new AtomicInteger();
        List<CompletableFuture<?>> all = new ArrayList<>();

        for (int i = 0; i < 200; i++) {
            all.add(UpstreamContract.later(() -> {
                for (int k = 0; k < 20; k++) {
                    assertThat(up().ask(peer).maxConnections(50).text()).isEqualTo("200 ok");
                    done.incrementAndGet();
                }
                return null;
            }));
        }
        for (CompletableFuture<?> one : all) {
            one.get();
        }

        assertThat(done).hasValue(4000);
        assertThat(peer.accepted()).isLessThanOrEqualTo(50);
        assertThat(up().inUse()).isZero();
    }

    @Test
    default void speaksWithAServerNotWrittenHere() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("x-method", exchange.getRequestMethod());
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(
                    200, head ? -1 : exchange.getRequestURI().getQuery() == null ? body.length : 0);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        up().with(() -> server.stop(0));
        URI target = URI.create("http://localhost:" + server.getAddress().getPort());

        for (int i = 0; i < 20; i++) {
            byte[] bytes = "x".repeat(i * 3000).getBytes();
            assertThat(up().ask(target).post(Body.of(bytes)).text()).hasSize(4 + i * 3000);
            assertThat(up().ask(target)
                            .path("/?chunked")
                            .post(Body.of(new ByteArrayInputStream(bytes), -1))
                            .text())
                    .hasSize(4 + i * 3000);
            assertThat(up().ask(target).method("HEAD").send().header("x-method"))
                    .isEqualTo("HEAD");
        }
        assertThat(up().inUse()).isZero();
    }

    @Test
    default void findsItsTargetByANameWithAnUnderscore() {
        // No resolver knows it; what counts is that it is asked for, and not refused as a URI without a host.
        UpstreamContract.fails(
                Kind.CONNECT,
                "my_service",
                () -> up().ask(URI.create("http://my_service.invalid:8080")).send());
    }
}
