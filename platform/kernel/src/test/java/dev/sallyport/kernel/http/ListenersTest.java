package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.Generations;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.tls.Acme;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter to Jetty's server, over real sockets. */
@Timeout(60)
class ListenersTest {

    private final AtomicReference<Next> entry = new AtomicReference<>();
    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private final LinkedBlockingQueue<Completion> completions = new LinkedBlockingQueue<>();
    private Listeners listeners;
    private int port;

    @BeforeEach
    void listen() throws Exception {
        Generation generation = Generations.of(request -> {
            request.exchange().onComplete(completions::add);
            return entry.get().proceed(request);
        });
        serving.set(Serving.of(generation));
        listeners = new Listeners(serving, exchange -> {}, new Acme(Path.of("target", "acme")));
        listeners.apply(List.of(Written.listener()));
        port = listeners.addresses().get("web").port();
    }

    @AfterEach
    void close() {
        listeners.close();
    }

    @Test
    void answersOverOneConnectionAgainAndAgain() throws Exception {
        entry.set(request -> Response.text(200, request.method() + " " + request.target()));

        try (Socket client = connect()) {
            for (int i = 0; i < 3; i++) {
                send(client, "GET /a?b=" + i + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(readResponse(client)).startsWith("HTTP/1.1 200 ").endsWith("GET /a?b=" + i);
            }
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        entry.set(request -> {
            Thread.yield();
            return Response.text(200, request.path());
        });

        try (Socket client = connect()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            send(client, requests.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(readResponse(client)).endsWith("\r\n\r\n/" + i);
            }
        }
    }

    @Test
    void takesWhatComesOnAKeptConnectionInPiecesOfAnySize() throws Exception {
        entry.set(request -> Response.text(
                200, request.path() + " " + request.body().text(1 << 20).length()));
        String body = "x".repeat(20_000);
        String post = "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" + body;
        String chunked =
                "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n" + body + "\r\n0\r\n\r\n";
        String get = "GET /g HTTP/1.1\r\nHost: x\r\n\r\n";

        try (Socket client = connect()) {
            for (int piece : new int[] {1_000_000, 1, 2048, 2047, 2049, 10_000}) {
                String all = get + post + get + chunked + get;
                int first = piece == 1 ? get.length() : all.length();
                for (int at = 0; at < first; at += piece) {
                    send(client, all.substring(at, Math.min(first, at + piece)));
                }
                send(client, all.substring(first));
                for (String answer : new String[] {"/g 0", "/p 20000", "/g 0", "/c 20000", "/g 0"}) {
                    assertThat(readResponse(client))
                            .as("in pieces of %s", piece)
                            .endsWith("\r\n\r\n" + answer);
                }
            }
        }
    }

    @Test
    void noticesThatTheClientHasClosedWithinALaterRequestOfAKeptConnection() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        Next waiting = waitingForCancellation(entered, cancelled);
        entry.set(request -> request.path().equals("/wait") ? waiting.proceed(request) : Response.text(200, "ok"));

        Socket client = connect();
        for (int i = 0; i < 3; i++) {
            send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(readResponse(client)).endsWith("ok");
        }
        send(client, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
        entered.await();
        client.close();

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noticesThatTheClientHasClosedWhileAStepWaits() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        entry.set(waitingForCancellation(entered, cancelled));

        Socket client = connect();
        send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        entered.await();
        client.close();

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(completions.take().outcome()).isEqualTo(Completion.Outcome.CLIENT_GONE);
    }

    @Test
    void noticesAResetWhileAStepWaits() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        entry.set(waitingForCancellation(entered, cancelled));

        Socket client = connect();
        client.setSoLinger(true, 0);
        send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        entered.await();
        client.close();

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noticesThatTheClientHasLeftAfterItsBodyWasRead() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        entry.set(request -> {
            assertThat(request.body().text(100)).isEqualTo("hello");
            return waitingForCancellation(entered, cancelled).proceed(request);
        });

        Socket client = connect();
        send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        entered.await();
        client.close();

        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void breaksOffWhatTheUpstreamHasBrokenOff() throws Exception {
        entry.set(request -> Response.of(200, Headers.empty(), Body.of(new FailingStream("half"), 100)));

        try (Socket client = connect()) {
            send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            String all = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(all).contains("Content-Length: 100").endsWith("half");
        }
        assertThat(completions.take().outcome()).isEqualTo(Completion.Outcome.FAILED);
    }

    @Test
    void sendsAContinueWhenTheBodyIsRead() throws Exception {
        entry.set(request -> Response.text(200, request.body().text(100)));

        try (Socket client = connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(readHead(client)).startsWith("HTTP/1.1 100 ");
            send(client, "ok");
            assertThat(readResponse(client)).startsWith("HTTP/1.1 200 ").endsWith("ok");
        }
    }

    @Test
    void sendsNoContinueWhereTheBodyIsNotWanted() throws Exception {
        entry.set(request -> new Problem(401, "x", "x").toResponse(request));

        try (Socket client = connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(readHead(client)).startsWith("HTTP/1.1 401 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"200-ok", "100-continue, 200-ok", "100-continue;q=1", "100"})
    void answers417WhereMoreIsExpectedThanAContinue(String expectation) throws Exception {
        entry.set(request -> Response.text(200, "reached"));

        try (Socket client = connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: " + expectation + "\r\n\r\nok");
            assertThat(readResponse(client))
                    .startsWith("HTTP/1.1 417 ")
                    .contains("urn:sallyport:problem:expectation-failed");
        }
        assertThat(listeners.exchanges()).isEmpty();
    }

    @Test
    void answers417OverHttp2WhereMoreIsExpectedThanAContinue() throws Exception {
        entry.set(request -> Response.text(200, request.body().text(100)));
        try (H2Client client = new H2Client(port)) {
            assertThat(client.post("200-ok", "ok")).startsWith("417 ").contains("problem:expectation-failed");
            assertThat(client.post("100-continue, 200-ok", "ok")).startsWith("417 ");
            assertThat(client.post("100-Continue", "ok")).isEqualTo("200 ok");
        }
    }

    @Test
    void answers503WhereTooManyAreUnderWay() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        serving.set(Serving.of(Generations.limited(1, request -> {
            entered.countDown();
            goOn.await();
            return Response.text(200, "one");
        })));

        try (Socket first = connect();
                Socket second = connect()) {
            send(first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            entered.await();
            send(second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(readResponse(second))
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("retry-after: 1")
                    .contains("urn:sallyport:problem:overloaded");
            goOn.countDown();
            assertThat(readResponse(first)).startsWith("HTTP/1.1 200 ");
            await().untilAsserted(() -> assertThat(listeners.exchanges()).isEmpty());
            send(second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(readResponse(second)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void closesConnectionsThatAreIdleForLongerThanTheListenerAllows() throws Exception {
        entry.set(request -> Response.text(200, "x"));
        try (Socket before = connect()) {
            send(before, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            readResponse(before);

            listeners.apply(List.of(listener("web", 0, "[http1, h2c]", 50)));

            assertThat(listeners.addresses().get("web").port()).isEqualTo(port);
            try (Socket client = connect()) {
                send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                readResponse(client);
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void keepsHeadersAsTheyCame() throws Exception {
        AtomicReference<Headers> seen = new AtomicReference<>();
        entry.set(request -> {
            seen.set(request.headers());
            return Response.of(200, Headers.of("content-TYPE", "Text/HTML;Charset=UTF-8"), Body.of("x"));
        });

        try (Socket client = connect()) {
            send(client, "GET / HTTP/1.1\r\nHost: x\r\nCONTENT-type: Text/HTML;Charset=UTF-8\r\nX-MiXed: A b\r\n\r\n");
            assertThat(readResponse(client)).contains("content-TYPE: Text/HTML;Charset=UTF-8");
        }
        assertThat(seen.get()).anySatisfy(field -> {
            assertThat(field.getKey()).isEqualTo("CONTENT-type");
            assertThat(field.getValue()).isEqualTo("Text/HTML;Charset=UTF-8");
        });
        assertThat(seen.get()).anySatisfy(field -> assertThat(field.getKey()).isEqualTo("X-MiXed"));
    }

    @Test
    void sendsHeadOfHeadRequestsAsForGet() throws Exception {
        entry.set(request -> Response.text(200, "hello"));

        try (Socket client = connect()) {
            send(client, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            String all = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(all).contains("Content-Length: 5").endsWith("\r\n\r\n");
        }
    }

    @Test
    void sendsTrailersToWhoTakesThem() throws Exception {
        entry.set(request -> Response.of(
                200,
                Headers.empty(),
                Body.of(new java.io.ByteArrayInputStream(new byte[] {'x'}), -1)
                        .mapTrailers(none -> Headers.of("x-sum", "42"))));

        try (Socket client = connect()) {
            send(client, "GET / HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: close, TE\r\n\r\n");
            String all = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(all).contains("Transfer-Encoding: chunked").contains("x-sum: 42");
        }
    }

    @Test
    void tellsProblemsOfTheParserAsProblems() throws Exception {
        try (Socket client = connect()) {
            send(client, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
            assertThat(readResponse(client))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json")
                    .contains("urn:sallyport:problem:bad-request");
        }
    }

    @Test
    void refusesPathsThatServersReadInDifferentWays() throws Exception {
        entry.set(request -> Response.text(200, request.path()));

        for (String path : List.of("/a/../b", "/a/%2e%2e/b", "/a%00", "/a\\b", "/a%zz")) {
            try (Socket client = connect()) {
                send(client, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(readResponse(client)).as(path).startsWith("HTTP/1.1 400 ");
            }
        }
    }

    @Test
    void answersProblemsWithTheRequestIdAndAHtmlPageToBrowsers() throws Exception {
        entry.set(
                request -> new Problem(403, "no", "No entry").withDetail("<b>").toResponse(request));

        HttpResponse<String> json = get("/x");
        HttpResponse<String> html = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/x"))
                                .header("Accept", "text/html,application/xhtml+xml")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(json.body())
                .contains("\"requestId\":\""
                        + json.headers().firstValue("x-request-id").orElseThrow());
        assertThat(html.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(html.body()).contains("No entry").contains("&lt;b&gt;");
    }

    @Test
    void joinsATunnelToTheConnection() throws Exception {
        EchoTunnel echo = new EchoTunnel();
        entry.set(request -> {
            assertThat(request.upgrade()).isEqualTo("websocket");
            return Response.upgrade(101, Headers.of("Sec-WebSocket-Accept", "x"), echo);
        });

        try (Socket client = connect()) {
            send(client, "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(readHead(client))
                    .startsWith("HTTP/1.1 101 ")
                    .contains("Upgrade: websocket")
                    .contains("Connection: Upgrade");
            send(client, "ping");
            assertThat(new String(client.getInputStream().readNBytes(4), ISO_8859_1))
                    .isEqualTo("ping");
            assertThat(listeners.exchanges()).hasSize(1);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        await().untilAsserted(() -> assertThat(listeners.exchanges()).isEmpty());
        assertThat(completions.take().outcome()).isEqualTo(Completion.Outcome.COMPLETED);
    }

    @Test
    void drainsTheGenerationWhenItsLastExchangeHasLeft() throws Exception {
        CountDownLatch drained = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Generation generation = Generations.of(
                request -> {
                    entered.countDown();
                    goOn.await();
                    return Response.of(204);
                },
                0,
                drained::countDown);
        serving.set(Serving.of(generation));

        try (Socket client = connect()) {
            send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            entered.await();
            serving.set(Serving.of(Generations.of(request -> Response.of(205))));
            generation.retire();
            assertThat(drained.getCount()).isOne();
            goOn.countDown();
            assertThat(readHead(client)).startsWith("HTTP/1.1 204 ");
            assertThat(drained.await(20, TimeUnit.SECONDS)).isTrue();
            send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(readHead(client)).startsWith("HTTP/1.1 205 ");
        }
    }

    @Test
    void opensAndClosesListenersWithoutTouchingTheOthers() throws Exception {
        entry.set(request -> Response.text(200, request.exchange().listener()));
        var web = Written.listener();
        var other = listener("other", 0, "[http1, h2c]", 60_000);

        try (Socket kept = connect()) {
            listeners.apply(List.of(web, other));
            int second = listeners.addresses().get("other").port();
            try (Socket client = new Socket("127.0.0.1", second)) {
                send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(readResponse(client)).endsWith("other");
            }
            listeners.apply(List.of(web));
            send(kept, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(readResponse(kept)).endsWith("web");
            assertThat(listeners.addresses()).containsOnlyKeys("web");
        }
    }

    @Test
    void closesIdleHttp2ConnectionsOfAListenerThatIsGone() throws Exception {
        entry.set(request -> Response.text(200, "x"));
        try (H2Client client = new H2Client(port)) {
            client.post("100-continue", "ok");

            listeners.apply(List.of(listener("other", 0, "[http1, h2c]", 60_000)));

            LeavingListener gone = listeners.leaving().iterator().next();
            await().until(gone::closeIdle);
            await().until(client::isClosed);
            gone.close();
            assertThat(listeners.leaving()).isEmpty();
        }
    }

    @Test
    void keepsAnAddressThatGoesToAListenerOfAnotherNameOrProtocol() throws Exception {
        entry.set(request -> Response.text(200, request.exchange().listener()));
        int first = freePort();
        int second = freePort();
        String both = "[http1, h2c]";
        List<List<ListenerConfig>> all = List.of(
                List.of(listener("a", first, both, 60_000), listener("b", second, both, 60_000)),
                List.of(listener("a", second, both, 60_000), listener("b", first, both, 60_000)),
                List.of(listener("c", first, "[http1]", 60_000)),
                List.of(listener("c", first, both, 60_000)),
                List.of(wildcard("c", first)),
                List.of(listener("a", first, both, 60_000), listener("b", second, both, 60_000)));
        for (int i = 0; i < 10; i++) {
            for (List<ListenerConfig> wanted : all) {
                listeners.apply(wanted);
                for (ListenerConfig listener : wanted) {
                    try (Socket client =
                            new Socket("127.0.0.1", listener.address().port())) {
                        send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                        assertThat(readResponse(client)).endsWith("\r\n\r\n" + listener.name());
                    }
                }
            }
        }
    }

    @Test
    void isAsBeforeWhereAnAddressCannotBeBound() throws Exception {
        entry.set(request -> Response.text(200, request.exchange().listener()));
        int first = freePort();
        int second = freePort();
        String both = "[http1, h2c]";
        List<ListenerConfig> before = List.of(listener("a", first, both, 60_000), listener("b", second, both, 60_000));
        listeners.apply(before);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            List<ListenerConfig> wanted = List.of(
                    listener("b", first, both, 60_000),
                    listener("a", second, both, 60_000),
                    listener("c", taken.getLocalPort(), both, 60_000));

            assertThatThrownBy(() -> listeners.apply(wanted))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("listener c: cannot bind 127.0.0.1:" + taken.getLocalPort());
        }

        assertThat(listeners.addresses())
                .containsEntry("a", new Address("127.0.0.1", first))
                .containsEntry("b", new Address("127.0.0.1", second));
        for (ListenerConfig listener : before) {
            try (Socket client = new Socket("127.0.0.1", listener.address().port())) {
                send(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(readResponse(client)).endsWith("\r\n\r\n" + listener.name());
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static ListenerConfig listener(String name, int port, String protocols, int idleMillis) {
        return Written.listener(
                "name: " + name, "address: 127.0.0.1:" + port, "protocols: " + protocols, "idle: " + idleMillis + "ms");
    }

    private static ListenerConfig wildcard(String name, int port) {
        return Written.listener("name: " + name, "address: 0.0.0.0:" + port);
    }

    private static Next waitingForCancellation(CountDownLatch entered, CountDownLatch cancelled) {
        return request -> {
            CountDownLatch wait = new CountDownLatch(1);
            ((LiveExchange) request.exchange()).cancellation().onCancel(reason -> wait.countDown());
            entered.countDown();
            wait.await();
            cancelled.countDown();
            throw ((LiveExchange) request.exchange()).cancellation().cause();
        };
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private Socket connect() throws IOException {
        return new Socket("127.0.0.1", port);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            assertThat(c).as("end of stream after: %s", head).isNotNegative();
            head.append((char) c);
        }
        return head.toString();
    }

    private static String readResponse(Socket socket) throws IOException {
        String head = readHead(socket);
        int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
        int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
        return head + new String(socket.getInputStream().readNBytes(length), ISO_8859_1);
    }

    /** Gives some text, then breaks. */
    private static final class FailingStream extends InputStream {

        private final byte[] text;
        private int at;

        FailingStream(String text) {
            this.text = text.getBytes(ISO_8859_1);
        }

        @Override
        public int read() throws IOException {
            if (at == text.length) {
                throw new IOException("broken on purpose");
            }
            return text[at++];
        }
    }

    /** Gives back what it gets. */
    private static final class EchoTunnel implements Tunnel {

        private final PipedInputStream in = new PipedInputStream();
        private final PipedOutputStream out;

        EchoTunnel() throws IOException {
            out = new PipedOutputStream(in);
        }

        @Override
        public InputStream input() {
            return in;
        }

        @Override
        public OutputStream output() {
            return out;
        }

        @Override
        public void close() {
            try {
                out.close();
                in.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
