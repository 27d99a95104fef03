package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.config.ListenerLimits;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.http.LimitHits.Limit;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much a listener takes: heads, bodies, connections. */
@Timeout(60)
class RequestLimitsTest {

    @Test
    void defaultsAreWhatTheRecordSays() {
        assertThat(Written.listener().limits()).isEqualTo(ListenerLimits.DEFAULT);
    }

    @Test
    void answers414ForATargetThatIsTooLong() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {uri: 100B}")) {
            assertThat(web.ask(get("/" + "a".repeat(99)))).startsWith("HTTP/1.1 200 ");
            assertThat(web.ask(get("/" + "a".repeat(100))))
                    .startsWith("HTTP/1.1 414 ")
                    .contains("target-too-long");
            assertThat(web.hits(Limit.URI)).isOne();
        }
    }

    @Test
    void answers431ForAHeadThatIsTooLarge() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {headers: 2KiB}")) {
            assertThat(web.ask(
                            "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-A: " + "b".repeat(1900) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(web.ask("GET / HTTP/1.1\r\nHost: x\r\nX-A: " + "b".repeat(2100) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 431 ")
                    .contains("headers-too-large");
            assertThat(web.hits(Limit.HEADERS)).isOne();
        }
    }

    @Test
    void answers431ForTooManyFields() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {headerCount: 20}")) {
            String head = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
            assertThat(web.ask(head + "X-A: b\r\n".repeat(18) + "\r\n")).startsWith("HTTP/1.1 200 ");
            assertThat(web.ask(head + "X-A: b\r\n".repeat(19) + "\r\n"))
                    .startsWith("HTTP/1.1 431 ")
                    .contains("headers-too-large");
            assertThat(web.hits(Limit.HEADER_COUNT)).isOne();
        }
    }

    @Test
    void takesOtherLimitsForNewConnectionsAfterAChange() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {headers: 2KiB}")) {
            String request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-A: " + "b".repeat(3000) + "\r\n\r\n";
            assertThat(web.ask(request)).startsWith("HTTP/1.1 431 ");

            web.change("limits: {headers: 4KiB}");

            assertThat(web.ask(request)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void answers413ByContentLengthBeforeAnyOfTheBodyIsRead() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {maxBody: 10B}")) {
            web.answering(request -> Response.text(200, request.body().text(1 << 20)));
            try (Socket client = web.connect()) {
                ListenerFixture.send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n");
                assertThat(ListenerFixture.readTo(client, "}"))
                        .startsWith("HTTP/1.1 413 ")
                        .contains("body-too-large");
            }
            assertThat(web.hits(Limit.MAX_BODY)).isOne();
        }
    }

    @Test
    void countsABodyOfUnknownLengthAndShowsNoReaderAnEnd() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        try (ListenerFixture web = new ListenerFixture("limits: {maxBody: 10B}")) {
            web.answering(request -> {
                try {
                    return Response.text(200, request.body().text(1 << 20));
                } catch (Throwable e) {
                    seen.set(e);
                    throw e;
                }
            });
            String head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
            assertThat(web.ask(head + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("0123456789");
            assertThat(web.ask(head + "5\r\n01234\r\n6\r\n56789a\r\n0\r\n\r\n")).startsWith("HTTP/1.1 413 ");
            assertThat(seen.get()).isInstanceOf(BodyTooLargeException.class);
        }
    }

    @Test
    void aClientThatGoesOnSendingStillGetsIts413() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {maxBody: 1KiB}")) {
            web.answering(request -> Response.text(200, request.body().text(1 << 20)));
            String body = "b".repeat(1 << 20);
            assertThat(web.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void closesAConnectionThatIsOneTooMany() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {connections: 3}")) {
            List<Socket> kept = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                kept.add(served(web, "127.0.0.1"));
            }
            try (Socket more = web.connect()) {
                assertThat(ListenerFixture.readAll(more)).isEmpty();
            }
            assertThat(web.hits(Limit.CONNECTIONS)).isOne();

            kept.removeFirst().close();

            await().until(web::answers);
            for (Socket socket : kept) {
                socket.close();
            }
            await().until(() -> web.listeners.connections().get("web") == 0);
        }
    }

    @Test
    void closesAConnectionThatIsOneTooManyOfItsAddress() throws Exception {
        try (ListenerFixture web = new ListenerFixture("limits: {connectionsPerAddress: 2}")) {
            try (Socket first = served(web, "127.0.0.2");
                    Socket second = served(web, "127.0.0.2");
                    Socket more = web.connect("127.0.0.2");
                    Socket other = served(web, "127.0.0.3")) {
                assertThat(ListenerFixture.readAll(more)).isEmpty();
                assertThat(List.of(first, second, other)).allMatch(Socket::isConnected);
            }
            assertThat(web.hits(Limit.CONNECTIONS_PER_ADDRESS)).isOne();
            await().until(() -> web.listeners.connections().get("web") == 0);
            served(web, "127.0.0.2").close();
        }
    }

    @Test
    void countsNoConnectionsOfTrustedProxiesByAddress() throws Exception {
        try (ListenerFixture web =
                new ListenerFixture("limits: {connectionsPerAddress: 1}", "trustedProxies: {cidrs: [127.0.0.2/32]}")) {
            try (Socket first = served(web, "127.0.0.2");
                    Socket second = served(web, "127.0.0.2")) {
                assertThat(List.of(first, second)).allMatch(Socket::isConnected);
            }
            assertThat(web.hits(Limit.CONNECTIONS_PER_ADDRESS)).isZero();
        }
    }

    @Test
    void servesWhereConnectionsAreRefusedByTheHundred() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ListenerFixture web = new ListenerFixture("limits: {connections: 2}")) {
            web.answering(request -> {
                go.await();
                return Response.text(200, "late");
            });
            try (Socket served = web.connect()) {
                ListenerFixture.send(served, get("/"));
                for (int i = 0; i < 300; i++) {
                    web.connect().close();
                }
                go.countDown();
                assertThat(ListenerFixture.readAll(served)).endsWith("late");
            }
        }
    }

    private static Socket served(ListenerFixture web, String from) throws Exception {
        Socket socket = web.connect(from);
        ListenerFixture.send(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(ListenerFixture.readTo(socket, "ok")).startsWith("HTTP/1.1 200 ");
        return socket;
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    }
}
