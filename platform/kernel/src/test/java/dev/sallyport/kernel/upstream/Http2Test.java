package dev.sallyport.kernel.upstream;

import static dev.sallyport.kernel.upstream.UpstreamContract.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException.Kind;
import dev.sallyport.kernel.config.UpstreamConfig.Protocol;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the client does over HTTP/2 (RFC 9113), in clear text unless a test says TLS. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class Http2Test {

    private static final HttpFields NONE = HttpFields.EMPTY;

    private final UpstreamFixture up = new UpstreamFixture(Http2Test::client, client -> 0);

    private static UpstreamClient client(SSLContext tls) {
        return new JettyUpstreamClient(new VirtualThreadPool(0), Protocol.H2, tls);
    }

    @AfterEach
    void close() throws Exception {
        up.close();
    }

    private Http2Peer peer(Http2Peer.Script script) throws Exception {
        return up.with(new Http2Peer(script));
    }

    private Asking ask(Http2Peer peer) {
        return ask(peer.uri());
    }

    private Asking ask(URI target) {
        return up.ask(target).protocol(Protocol.H2);
    }

    private static HttpFields fields(String... namesAndValues) {
        HttpFields.Mutable fields = HttpFields.build();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    @Test
    void sendsWhatItWasGivenAndNothingElse() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Http2Peer peer = peer(line -> {
            seen.add(line.head().getMethod() + " " + line.head().getHttpURI());
            line.head().getHttpFields().forEach(field -> seen.add(field.getName() + ": " + field.getValue()));
            line.respond(200, fields("x-one", "1"), false);
            line.write("ok", true);
        });

        Response response = new Asking(up.client(), peer.uri())
                .protocol(Protocol.H2)
                .path("/a%2Fb//c?d=%20&e")
                .header("cookie", "a=b; c=d")
                .header("X-Own", "Wert")
                .send();

        assertThat(response.body().text(10)).isEqualTo("ok");
        assertThat(response.headers().get("x-one")).isEqualTo("1");
        assertThat(seen).containsExactly("GET " + peer.uri() + "/a%2Fb//c?d=%20&e", "cookie: a=b; c=d", "x-own: Wert");
    }

    @Test
    void tellsTheHostAsAuthority() throws Exception {
        Http2Peer peer = peer(line -> {
            line.respond(200, NONE, false);
            line.write(
                    line.head().getHttpURI().getAuthority() + " " + line.head().getHttpFields(), true);
        });
        Asking asking = ask(peer);

        assertThat(asking.host("shop.example.com").text())
                .startsWith("200 shop.example.com ")
                .doesNotContain("Host");
        assertThat(asking.host("shop.example.com:8443").text()).startsWith("200 shop.example.com:8443 ");
        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    void negotiatesHttp2WithTls(@TempDir Path folder) throws Exception {
        Certificate certificate = new Certificate(folder);
        Http2Peer peer = up.with(new Http2Peer(certificate.server(), line -> {
            line.respond(200, NONE, false);
            line.write(line.readAll(), true);
        }));
        UpstreamClient client = up.client(certificate.client());

        assertThat(new Asking(client, peer.uri())
                        .protocol(Protocol.H2)
                        .post(Body.of("hello"))
                        .text())
                .isEqualTo("200 hello");
    }

    @Test
    void refusesASecureTargetThatSpeaksNoHttp2(@TempDir Path folder) throws Exception {
        Certificate certificate = new Certificate(folder);
        Peer peer =
                up.with(new Peer(certificate.server().getServerSocketFactory().createServerSocket(0), "https", line -> {
                    line.readHead();
                    line.write(UpstreamContract.OK);
                }));
        UpstreamClient client = up.client(certificate.client());

        fails(
                Kind.CONNECT,
                "not HTTP/2",
                () -> new Asking(client, peer.uri())
                        .protocol(Protocol.H2)
                        .connect(Duration.ofSeconds(20))
                        .send());
    }

    @Test
    void failsWhereTheTargetSpeaksHttp1() {
        Peer peer = up.peer(line -> {
            line.readHead();
            line.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        });

        assertThatThrownBy(() -> ask(peer.uri()).send())
                .isInstanceOf(dev.sallyport.api.UpstreamException.class)
                .hasMessageContaining(peer.uri().toString());
    }

    @Test
    void carriesManyRequestsOnOneConnection() throws Exception {
        CountDownLatch all = new CountDownLatch(50);
        Http2Peer peer = peer(line -> {
            all.countDown();
            all.await();
            line.respond(200, NONE, false);
            line.write("ok", true);
        });
        ask(peer); // the client is made on this thread

        List<CompletableFuture<String>> texts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            texts.add(UpstreamContract.later(() -> ask(peer).text()));
        }

        for (CompletableFuture<String> text : texts) {
            assertThat(text.get()).isEqualTo("200 ok");
        }
        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    void passesTrailersBothWays() throws Exception {
        Http2Peer peer = peer(line -> {
            String text = line.readAll();
            line.respond(200, NONE, false);
            line.write(text + " " + line.head().getHttpFields().get("te"), false);
            line.trailers(fields("grpc-status", "0", "x-seen", line.trailers().get("x-sum")));
        });

        Response response = ask(peer)
                .post(UpstreamContract.streamed(
                        new ByteArrayInputStream("body".getBytes(StandardCharsets.US_ASCII)),
                        -1,
                        Headers.of("x-sum", "7")))
                .acceptsTrailers()
                .send();

        try (Body body = response.body()) {
            assertThat(body.text(100)).isEqualTo("body trailers");
            assertThat(body.trailers().get("grpc-status")).isEqualTo("0");
            assertThat(body.trailers().get("x-seen")).isEqualTo("7");
        }
    }

    @Test
    void answersBeforeTheRequestHasEnded() throws Exception {
        Http2Peer peer = peer(line -> {
            line.respond(200, NONE, false);
            for (String next = line.read(); next != null; next = line.read()) {
                line.write("echo " + next, false);
            }
            line.write("", true);
        });
        PipedOutputStream out = new PipedOutputStream();
        Body body = UpstreamContract.streamed(new PipedInputStream(out), -1, Headers.empty());

        Response response = ask(peer).post(body).send();
        InputStream in = response.body().open();
        for (String word : List.of("one", "two", "three")) {
            out.write(word.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(new String(in.readNBytes(5 + word.length()), StandardCharsets.US_ASCII))
                    .isEqualTo("echo " + word);
        }
        out.close();

        assertThat(in.read()).isEqualTo(-1);
        in.close();
    }

    @Test
    void readsAHeadAlone() throws Exception {
        Http2Peer peer = peer(line -> line.respond(200, fields("grpc-status", "12"), true));

        Response response = ask(peer).post(Body.of("x")).send();

        assertThat(response.headers().get("grpc-status")).isEqualTo("12");
        assertThat(
                        response.body() instanceof dev.sallyport.kernel.wire.BufferBody untouched
                                ? untouched.isAtHand()
                                : response.body().isEmpty())
                .isTrue();
        assertThat(response.body().text(10)).isEmpty();
    }

    @Test
    void passesInterimResponses() throws Exception {
        Http2Peer peer = peer(line -> {
            line.respond(103, fields("link", "</a.css>"), false);
            line.respond(200, NONE, false);
            line.write("ok", true);
        });
        Asking asking = ask(peer);

        assertThat(asking.text()).isEqualTo("200 ok");
        assertThat(asking.interims).containsExactly("103 </a.css>");
    }

    @Test
    void aSlowReaderStopsAFastSender() throws Exception {
        AtomicLong written = new AtomicLong();
        Http2Peer peer = peer(line -> {
            line.respond(200, NONE, false);
            byte[] bytes = new byte[16 * 1024];
            for (int i = 0; i < 256; i++) {
                line.write(bytes, i == 255);
                written.addAndGet(bytes.length);
            }
        });

        try (Body body = ask(peer).send().body()) {
            InputStream in = body.open();
            in.readNBytes(10);
            await().during(Duration.ofMillis(300)).until(() -> written.get() < 600 * 1024);
            assertThat(ask(peer).method("HEAD").send().status()).isEqualTo(200);
            assertThat(in.readAllBytes()).hasSize(4 * 1024 * 1024 - 10);
        }
    }

    @Test
    void resetsTheStreamWhereNobodyWaitsAnyMore() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        Http2Peer peer = peer(line -> came.countDown());
        Asking asking = ask(peer);
        CompletableFuture<Response> answer = UpstreamContract.later(asking::send);
        came.await();

        asking.cancellation.cancel(new ClientGoneException("gone"));

        assertThat(UpstreamContract.failureOf(answer)).isInstanceOf(ClientGoneException.class);
        await().until(() -> peer.resets.contains(ErrorCode.CANCEL_STREAM_ERROR.code));
    }

    @Test
    void resetsTheStreamWhereABodyIsClosedEarly() throws Exception {
        Http2Peer peer = peer(line -> {
            line.respond(200, NONE, false);
            line.write("half", false);
        });

        ask(peer).send().body().close();

        await().until(() -> peer.resets.contains(ErrorCode.CANCEL_STREAM_ERROR.code));
        assertThat(peer.accepted()).isEqualTo(1);
    }

    @Test
    void neverTakesACutBodyForWhole() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Http2Peer peer = peer(line -> {
            switch (line.head().getHttpURI().getPath()) {
                case "/reset" -> {
                    line.respond(200, NONE, false);
                    line.write("half", false);
                    read.await();
                    line.reset(ErrorCode.INTERNAL_ERROR.code);
                }
                case "/short" -> {
                    line.respond(200, fields("content-length", "10"), false);
                    line.write("half", true);
                }
                default -> {
                    line.respond(200, NONE, false);
                    line.write("half", false);
                    line.disconnect();
                }
            }
        });

        for (String path : List.of("/reset", "/short", "/closed")) {
            try (BufferBody body = (BufferBody) ask(peer).path(path).send().body()) {
                assertThatThrownBy(() -> {
                            InputStream in = body.open();
                            in.readNBytes(4);
                            read.countDown();
                            in.readAllBytes();
                        })
                        .as(path)
                        .isInstanceOf(IOException.class);
                assertThat(body.brokenOff()).as(path).isNotNull();
            }
        }
    }

    @Test
    void repeatsWhatTheTargetHasRefusedToProcess() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Http2Peer peer = peer(line -> {
            if (tries.incrementAndGet() == 1) {
                line.reset(ErrorCode.REFUSED_STREAM_ERROR.code);
                return;
            }
            line.respond(200, NONE, false);
            line.write(line.readAll(), true);
        });

        assertThat(ask(peer).post(Body.of("pay")).text()).isEqualTo("200 pay");
        assertThat(tries).hasValue(2);
    }

    @Test
    void repeatsWhatAClosingTargetHasNotProcessed() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Set<String> bodies = java.util.concurrent.ConcurrentHashMap.newKeySet();
        Http2Peer peer = peer(line -> {
            if (tries.incrementAndGet() == 2) {
                ((org.eclipse.jetty.http2.HTTP2Session) line.stream().getSession())
                        .goAway(
                                new org.eclipse.jetty.http2.frames.GoAwayFrame(
                                        line.stream().getId() - 2, 0, new byte[0]),
                                Callback.NOOP);
                return;
            }
            bodies.add(line.readAll());
            line.respond(200, NONE, false);
            line.write("ok", true);
        });

        assertThat(ask(peer).post(Body.of("one")).text()).isEqualTo("200 ok");
        assertThat(ask(peer).post(Body.of("two")).text()).isEqualTo("200 ok");
        assertThat(bodies).containsExactlyInAnyOrder("one", "two");
        assertThat(peer.accepted()).isEqualTo(2);
    }

    @Test
    void doesNotRepeatWhatMayHaveBeenProcessed() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Http2Peer peer = peer(line -> {
            tries.incrementAndGet();
            line.reset(ErrorCode.INTERNAL_ERROR.code);
        });

        fails(Kind.RESET, "internal_error", () -> ask(peer).post(Body.of("pay")).send());
        assertThat(tries).hasValue(1);
    }

    @Test
    void anExchangeOutlivesTheIdleLimitOfConnections() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Http2Peer peer = peer(line -> {
            go.await(1500, TimeUnit.MILLISECONDS);
            line.respond(200, NONE, false);
            line.write("ok", true);
        });
        assertThat(ask(peer).keepAlive(Duration.ofMillis(300)).text()).isEqualTo("200 ok");
    }

    @Test
    void tellsATargetThatDoesNotAnswer() throws Exception {
        Http2Peer peer = peer(line -> {});

        fails(
                Kind.RESPONSE_TIMEOUT,
                "within 200ms",
                () -> ask(peer).firstByte(Duration.ofMillis(200)).send());
    }

    @Test
    void tellsThatItOpensNoTunnels() throws Exception {
        Http2Peer peer = peer(line -> {});

        fails(
                Kind.PROTOCOL,
                "protocol: http1",
                () -> ask(peer).upgrade("websocket").send());
    }

    @Test
    void knowsThatHeadAnd204And304HaveNoBody() throws Exception {
        Http2Peer peer = peer(line -> {
            String status = line.head().getHttpURI().getPath().substring(1);
            line.respond(Integer.parseInt(status), fields("content-length", "5"), true);
        });

        assertThat(ask(peer).method("HEAD").path("/200").send().headers().get("content-length"))
                .isEqualTo("5");
        assertThat(ask(peer).path("/304").text()).isEqualTo("304 ");
    }
}
