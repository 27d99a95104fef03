package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.kernel.chain.EndedEarlyException;
import dev.sallyport.kernel.chain.Generations;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.tls.Acme;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets over HTTP/2 (RFC 8441), over real sockets. */
@Timeout(60)
class WebSocketOverH2Test {

    private final AtomicReference<Next> entry = new AtomicReference<>();
    private final AtomicReference<Request> seen = new AtomicReference<>();
    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private final CompletableFuture<SettingsFrame> settings = new CompletableFuture<>();
    private final HTTP2Client client = new HTTP2Client();
    private Listeners listeners;
    private Session session;
    private ServerSocket far;
    private Socket upstream;

    @BeforeEach
    void start() throws Exception {
        serving.set(Serving.of(Generations.of(request -> {
            seen.set(request);
            return entry.get().proceed(request);
        })));
        listeners = new Listeners(serving, exchange -> {}, new Acme(Path.of("target", "acme")));
        listeners.apply(List.of(Written.listener("idle: 500ms")));
        far = new ServerSocket(0);
        entry.set(request -> {
            Socket near = new Socket("127.0.0.1", far.getLocalPort());
            upstream = far.accept();
            Tunnel tunnel = new SocketTunnel(near);
            return Response.upgrade(
                    101, Headers.of("sec-websocket-accept", "x", "sec-websocket-protocol", "chat"), tunnel);
        });
        client.start();
        session = client.connect(
                        new InetSocketAddress(
                                "127.0.0.1", listeners.addresses().get("web").port()),
                        new Session.Listener() {
                            @Override
                            public void onSettings(Session from, SettingsFrame frame) {
                                settings.complete(frame);
                            }
                        })
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        client.stop();
        listeners.close();
        far.close();
    }

    @Test
    void saysThatItTakesThem() throws Exception {
        assertThat(settings.get(20, TimeUnit.SECONDS).getSettings())
                .containsEntry(SettingsFrame.ENABLE_CONNECT_PROTOCOL, 1);
    }

    @Test
    void stepsAndUpstreamsSeeAnUpgradeOfHttp1() throws Exception {
        Opened opened = open("websocket", "/chat?room=1");

        assertThat(opened.status()).isEqualTo(200);
        assertThat(opened.head().get("sec-websocket-protocol")).isEqualTo("chat");
        assertThat(opened.head().contains("sec-websocket-accept")).isFalse();
        assertThat(seen.get().method()).isEqualTo("GET");
        assertThat(seen.get().upgrade()).isEqualTo("websocket");
        assertThat(seen.get().target().toString()).isEqualTo("/chat?room=1");
        assertThat(seen.get().headers().get("sec-websocket-key")).hasSize(24);
        assertThat(seen.get().headers().get("sec-websocket-version")).isEqualTo("13");
    }

    @Test
    void passesBytesBothWaysAlsoAfterALongSilence() throws Exception {
        Opened opened = open("websocket", "/");
        byte[] big = new byte[300_000];
        big[299_999] = 7;

        Thread.ofVirtual().start(() -> {
            try {
                upstream.getInputStream().transferTo(upstream.getOutputStream());
                upstream.shutdownOutput();
            } catch (Exception broken) {
                throw new AssertionError(broken);
            }
        });
        opened.send(big, false);
        await().until(() -> opened.size() == big.length);
        long silent = System.nanoTime();
        await().until(() -> System.nanoTime() - silent > TimeUnit.MILLISECONDS.toNanos(1500));
        opened.send("still here".getBytes(UTF_8), true);

        await().untilAsserted(() -> assertThat(opened.size()).isEqualTo(big.length + 10));
        assertThat(opened.ended.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aResetEndsTheUpstreamsSide() throws Exception {
        Opened opened = open("websocket", "/");

        opened.stream.reset(new ResetFrame(opened.stream.getId(), 8), org.eclipse.jetty.util.Callback.NOOP);

        upstream.setSoTimeout(20_000);
        assertThat(upstream.getInputStream().read()).isNegative();
    }

    @Test
    void anUpstreamThatGoesEndsTheStream() throws Exception {
        Opened opened = open("websocket", "/");

        upstream.close();

        assertThat(opened.ended.get(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void cuttingItOffEndsTheExchangeOfASilentClient() throws Exception {
        CompletableFuture<Completion> ended = new CompletableFuture<>();
        Next usual = entry.get();
        entry.set(request -> {
            request.exchange().onComplete(ended::complete);
            return usual.proceed(request);
        });
        open("websocket", "/").send(new byte[] {1}, false);
        assertThat(upstream.getInputStream().read()).isEqualTo(1);

        ((LiveExchange) seen.get().exchange()).cancellation().cancel(new ClientGoneException("cut off"));

        assertThat(ended.get(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void drainingSaysGoodbyeToBoth() throws Exception {
        Opened opened = open("websocket", "/");

        ((LiveExchange) seen.get().exchange()).end(new EndedEarlyException("the gateway stops"));

        await().until(() -> opened.size() >= 4);
        assertThat(opened.received.toByteArray()[0] & 0xff).as("a close frame").isEqualTo(0x88);
        assertThat(upstream.getInputStream().read()).isEqualTo(0x88);
    }

    @Test
    void refusesOtherConnects() throws Exception {
        assertThat(open("connect-udp", "/").status()).isEqualTo(501);
        assertThat(open(null, null).status()).isIn(400, 501);
    }

    @Test
    void passesOnARefusal() throws Exception {
        entry.set(request -> Response.text(403, "no"));

        assertThat(open("websocket", "/").status()).isEqualTo(403);
    }

    @Test
    void answers502WhereAnUpstreamAnswersWithoutSwitching() throws Exception {
        entry.set(request -> Response.text(200, "hello"));

        assertThat(open("websocket", "/").status()).isEqualTo(502);
    }

    private Opened open(String protocol, String path) throws Exception {
        int port = listeners.addresses().get("web").port();
        MetaData.Request request = protocol == null
                ? new MetaData.ConnectRequest(
                        (HttpScheme) null, new HostPortHttpField("127.0.0.1:" + port), null, HttpFields.EMPTY, null)
                : new MetaData.ConnectRequest(
                        HttpScheme.HTTP,
                        new HostPortHttpField("127.0.0.1:" + port),
                        path,
                        HttpFields.build().add("sec-websocket-version", "13"),
                        protocol);
        Opened opened = new Opened();
        opened.stream = session.newStream(new HeadersFrame(request, null, false), opened)
                .get(20, TimeUnit.SECONDS);
        opened.answer.handle((head, failure) -> head).get(20, TimeUnit.SECONDS);
        return opened;
    }

    private static final class Opened implements Stream.Listener {

        private final CompletableFuture<MetaData.Response> answer = new CompletableFuture<>();
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private Stream stream;

        int status() throws Exception {
            return answer.get(20, TimeUnit.SECONDS).getStatus();
        }

        HttpFields head() throws Exception {
            return answer.get(20, TimeUnit.SECONDS).getHttpFields();
        }

        synchronized int size() {
            return received.size();
        }

        void send(byte[] bytes, boolean last) throws Exception {
            status();
            stream.data(new DataFrame(stream.getId(), ByteBuffer.wrap(bytes), last))
                    .get(20, TimeUnit.SECONDS);
        }

        @Override
        public void onHeaders(Stream from, HeadersFrame frame) {
            answer.complete((MetaData.Response) frame.getMetaData());
            from.demand();
        }

        @Override
        public void onDataAvailable(Stream from) {
            for (Stream.Data data = from.readData(); data != null; data = from.readData()) {
                ByteBuffer bytes = data.frame().getByteBuffer();
                synchronized (this) {
                    while (bytes.hasRemaining()) {
                        received.write(bytes.get());
                    }
                }
                data.release();
                if (data.frame().isEndStream()) {
                    ended.complete(true);
                    return;
                }
            }
            from.demand();
        }

        @Override
        public void onReset(Stream from, ResetFrame frame, org.eclipse.jetty.util.Callback callback) {
            ended.complete(false);
            answer.completeExceptionally(new AssertionError("reset " + frame.getError()));
            callback.succeeded();
        }
    }
}
